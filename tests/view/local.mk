# tests/view
