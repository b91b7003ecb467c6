# src/term
