# src/snapshot
