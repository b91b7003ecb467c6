/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/options.h"
#include "cmd/scan_list.h"
#include "scan/scan.h"
#include "tests/unit.h"

#include <getopt.h>
#include <string.h>

#define BIT(name) (1u << SOURCE_##name)

static void test_lists(void **state)
{
	(void)state;
	static const struct {
		const char *list;
		uint32_t sources;
	} cases[] = {
	        {"quick", BIT(PROCESS)},
	        {"process", BIT(PROCESS)},
	        {"fd", BIT(PROCESS) | BIT(FD)},
	        {"thread,mntns", BIT(PROCESS) | BIT(THREAD) | BIT(MNTNS)},
	        {"quick,+fd", BIT(PROCESS) | BIT(FD)},
	        {"all", SCAN_SOURCES_ALL},
	        {"all,-socket", SCAN_SOURCES_ALL & ~BIT(SOCKET)},
	        {"+socket", SCAN_SOURCES_DEFAULT | BIT(SOCKET)},
	        {"+fd", SCAN_SOURCES_DEFAULT},
	        {"-fd,-thread", SCAN_SOURCES_DEFAULT & ~(BIT(FD) | BIT(THREAD))},
	        {"-fd,mount,socket", (SCAN_SOURCES_DEFAULT | BIT(SOCKET)) & ~BIT(FD)},
	        {"-fd,+fd", SCAN_SOURCES_DEFAULT},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		uint32_t sources = 0;
		const char *why = NULL;

		print_message("%s\n", cases[i].list);
		assert_int_equal(scan_list_parse(cases[i].list, &sources, &why), 0);
		assert_int_equal(sources, cases[i].sources);
		assert_null(why);
	}
	/* Which ones are costly; a new source is added here. */
	assert_int_equal(SCAN_SOURCES_DEFAULT,
	        BIT(PROCESS) | BIT(THREAD) | BIT(FD) | BIT(MOUNT) | BIT(MNTNS) | BIT(LISTNS));
	assert_int_equal(SCAN_SOURCES_ALL, SCAN_SOURCES_DEFAULT | BIT(SOCKET) | BIT(DETACHED));
}

static void test_what_is_no_list(void **state)
{
	(void)state;
	static const struct {
		const char *list;
		const char *word; /* in the message */
	} cases[] = {
	        {"", "mntns"},
	        {",", "mntns"},
	        {"fd,", "mntns"},
	        {",fd", "mntns"},
	        {"+", "mntns"},
	        {"++fd", "mntns"},
	        {"fds", "mntns"},
	        {"f", "mntns"},
	        {"fd thread", "mntns"},
	        {"FD", "mntns"},
	        {"list", "mntns"},
	        {"+list", "mntns"},
	        {"-process", "leave out"},
	        {"all,-quick", "leave out"},
	        {"-all", "leave out"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		uint32_t sources = 4711;
		const char *why = NULL;

		print_message("%s\n", cases[i].list);
		assert_int_equal(scan_list_parse(cases[i].list, &sources, &why), -EINVAL);
		assert_int_equal(sources, 4711);
		assert_non_null(why);
		assert_non_null(strstr(why, cases[i].word));
	}
}

/* Those of the screen, in the config file, and on the command line. */
static void test_settings(void **state)
{
	struct settings settings;
	char name[] = "nsbrowse", scan[] = "--scan=+socket,-fd", *argv[] = {name, scan, NULL};
	struct options options;
	size_t n = 0;

	(void)state;
	settings_init(&settings);
	assert_int_equal(settings_sources(&settings), SCAN_SOURCES_DEFAULT);
	for (enum source source = 0; source < SOURCES; source++) {
		if (!(SCAN_SOURCES_ALL & 1u << source))
			continue;
		settings_set_sources(&settings, 1u << source);
		assert_int_equal(settings_sources(&settings), BIT(PROCESS) | 1u << source);
	}
	settings_set_sources(&settings, SCAN_SOURCES_ALL);
	assert_int_equal(settings_sources(&settings), SCAN_SOURCES_ALL);

	optind = 0;
	assert_int_equal(options_parse(PROGRAM_NSBROWSE, 2, argv, &options), 0);
	assert_int_equal(options.sources, (SCAN_SOURCES_DEFAULT | BIT(SOCKET)) & ~BIT(FD));
	assert_int_equal(settings_sources(&options.settings), options.sources);
	for (enum setting setting = 0; setting < SETTINGS; setting++) {
		assert_int_equal(options.is_given[setting], settings_is_source(setting, NULL));
		n += settings_is_source(setting, NULL);
	}
	assert_int_equal(n, __builtin_popcount(SCAN_SOURCES_ALL) - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_lists),
	        cmocka_unit_test(test_what_is_no_list),
	        cmocka_unit_test(test_settings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
