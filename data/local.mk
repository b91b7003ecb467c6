# data
dist_man_MANS += data/nsrel.3
