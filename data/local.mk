# data
dist_man_MANS += data/nsrel.3

# The invented host of --demo, also for tests.
dist_pkgdata_DATA += data/demo.json
