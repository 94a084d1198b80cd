import clsx from "clsx";
import type { ButtonHTMLAttributes } from "react";

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  emphasis?: "primary" | "secondary" | "quiet";
  busy?: boolean;
}

export function Button({ emphasis = "secondary", busy = false, className, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      aria-busy={busy}
      disabled={busy || rest.disabled}
      className={clsx("ls-button", `ls-button--${emphasis}`, className)}
      {...rest}
    >
      {children}
    </button>
  );
}
