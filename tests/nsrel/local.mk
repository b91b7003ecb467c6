# tests/nsrel
