# tests/scan
