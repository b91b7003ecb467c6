# tests/snapshot
