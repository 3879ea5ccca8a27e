/** A vector that lies in the layout of the parameters: they, their gradients, or a slot of that shape. */
export type Vector = "parameters" | "gradients" | { readonly slot: string };
