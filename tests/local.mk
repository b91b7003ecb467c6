# tests shared by all floors
