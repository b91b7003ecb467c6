# src/scan
