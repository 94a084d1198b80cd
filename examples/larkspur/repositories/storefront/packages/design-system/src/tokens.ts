export const tokens = {
  colour: {
    larkspur: "#3f4f9e",
    moss: "#4c6b3c",
    clay: "#b3562f",
    ink: "#1c1f26",
    paper: "#faf8f4",
  },
  space: { xs: "0.25rem", s: "0.5rem", m: "1rem", l: "2rem", xl: "4rem" },
  radius: { control: "0.375rem", card: "0.75rem" },
} as const;
