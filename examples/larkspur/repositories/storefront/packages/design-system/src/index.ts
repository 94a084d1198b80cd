export { Button, type ButtonProps } from "./button.js";
export { Price, formatPrice, type Money } from "./price.js";
export { tokens } from "./tokens.js";
