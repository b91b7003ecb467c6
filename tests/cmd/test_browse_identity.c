/* SPDX-License-Identifier: Apache-2.0 */

/* The real ./nsbrowse on a terminal, on a host where 1,000 namespaces come and go and inode numbers
 * come round (the scene `identity`): what lives keeps its row, the selection and no mark, and the
 * row of what has gone is never that of another one with the same number. With the ids of the
 * kernel, if it has them (Linux 6.18), and without. NSBROWSE_LONG: for all types. */

#include "base/descriptors.h"
#include "base/memory.h"
#include "tests/cmd/browse.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum { ROWS = 50, COLUMNS = 100, NAME_LEN = 40, LIVING_MAX = 8, ATTEMPTS = 200 };

/* The scene, and the FIFOs of stepping.sh. */
struct host {
	const char *type;
	char *folder;
	struct pty *pty;
	int step, said;
};

static void hear(const struct host *host)
{
	char answer[16];

	assert_true(wait_readable(host->said));
	const ssize_t n = read(host->said, answer, sizeof(answer) - 1);
	assert_true(n > 0);
	answer[n] = '\0';
	assert_string_equal(answer, "ok\n");
}

/* The names (`TYPE:[N]`) of the namespaces of the host's type whose label begins so; their number.
 */
static size_t list_names(const struct host *host, const char *label, char ret[LIVING_MAX][NAME_LEN])
{
	_cleanup_free_ char *path = memory_printf("%s/truth", host->folder);
	_cleanup_free_ char *type = memory_printf("-%s\t", host->type);
	_cleanup_free_ char *begin = memory_printf("same\t%s", label);
	_cleanup_fclose_ FILE *truth = fopen(path, "re");
	char line[256];
	size_t n = 0;

	assert_non_null(truth);
	while (fgets(line, sizeof(line), truth)) {
		if (strncmp(line, begin, strlen(begin)) != 0 || !strstr(line, type))
			continue;
		line[strcspn(line, "\n")] = '\0';
		assert_true(n < LIVING_MAX);
		snprintf(ret[n++], NAME_LEN, "%s:[%.20s]", host->type, strrchr(line, '\t') + 1);
	}
	return n;
}

/* Those that live for ever. (Of PID namespaces there is one.) */
static size_t list_living(const struct host *host, char ret[LIVING_MAX][NAME_LEN])
{
	const bool is_pid = strcmp(host->type, "pid") == 0;
	const size_t n = list_names(host, is_pid ? "stays" : "set", ret);

	assert_int_equal(n, is_pid ? 1 : 4);
	return n;
}

/* The one that is replaced. */
static void name_replaced(const struct host *host, char ret[NAME_LEN])
{
	char names[LIVING_MAX][NAME_LEN];

	assert_int_equal(list_names(host, "replaced", names), 1);
	memcpy(ret, names[0], NAME_LEN);
}

static void host_start(struct host *host, const char *type, const char *interfaces)
{
	_cleanup_free_ char *scene = path_of("top_builddir", "tests/scenes/scene");
	_cleanup_free_ char *stepping = path_of("top_srcdir", "tests/cmd/stepping.sh");
	_cleanup_free_ char *program = path_of("top_builddir", "nsbrowse");
	char name[NAME_LEN];

	*host = (struct host){.type = type, .folder = temporary_folder()};
	const char *const argv[] = {scene, "identity", stepping, host->folder, program, "--view",
	        type, "--delay=0", NULL};
	host->step = make_fifo(host->folder, "step");
	host->said = make_fifo(host->folder, "said");
	host->pty = pty_start(&(struct pty_options){.rows = ROWS,
	        .columns = COLUMNS,
	        .argv = argv,
	        .environment = (const char *const[]){interfaces, NULL}});
	hear(host);
	name_replaced(host, name);
	assert_true(pty_wait_for(host->pty, name));
	assert_true(pty_wait_without(host->pty, "reading"));
	assert_true(pty_wait_for(host->pty, " root ")); /* the names come last */
	assert_true(pty_sync(host->pty));
}

static void host_end(struct host *host)
{
	assert_quits(host->pty);
	close_fd(&host->step);
	close_fd(&host->said);
	assert_int_equal(remove_folder(host->folder), 3);
	free(host->folder);
}

static void refresh(const struct host *host)
{
	pty_press(host->pty, "r");
	assert_true(pty_wait_without(host->pty, "reading"));
	assert_true(pty_sync(host->pty));
}

static void do_step(const struct host *host, const char *step)
{
	assert_int_equal(write(host->step, step, strlen(step)), strlen(step));
	hear(host);
	refresh(host);
}

/* --- the list -------------------------------------------------------------------------------- */

static bool is_list_row(const char *text)
{
	return strncmp(text, "──", strlen("──")) != 0;
}

/* The sign of the row of that namespace, which is the only one with one of these signs; '\0': there
 * is none. *ret_is_selected: it is the selected row. */
static char sign_of(
        const struct host *host, const char *name, const char *signs, bool *ret_is_selected)
{
	char found = '\0';

	*ret_is_selected = false;
	for (int row = 2; row < ROWS; row++) {
		const char *const text = pty_row(host->pty, row);

		if (!is_list_row(text))
			break;
		if (!strstr(text, name) || !strchr(signs, text[1]))
			continue;
		assert_int_equal(found, '\0');
		found = text[1];
		*ret_is_selected = text[0] == '>';
	}
	return found;
}

static size_t count_signs(const struct host *host, char sign)
{
	size_t n = 0;

	for (int row = 2; row < ROWS && is_list_row(pty_row(host->pty, row)); row++)
		n += strlen(pty_row(host->pty, row)) > 1 && pty_row(host->pty, row)[1] == sign;
	return n;
}

static void select_name(const struct host *host, const char *name)
{
	_cleanup_free_ char *number = memory_strdup(strchr(name, '[') + 1);
	bool is_selected;

	number[strcspn(number, "]")] = '\0';
	pty_press(host->pty, number);
	pty_press(host->pty, "\r");
	sign_of(host, name, " ~!+", &is_selected);
	assert_true(is_selected);
}

/* --- the tests ------------------------------------------------------------------------------ */

/* Those that live have their rows, without a mark. */
static void assert_living(const struct host *host)
{
	char names[LIVING_MAX][NAME_LEN];
	const size_t n = list_living(host, names);
	bool is_selected;

	for (size_t i = 0; i < n; i++)
		assert_int_equal(sign_of(host, names[i], " ~!+x", &is_selected), ' ');
}

/* 1,000 namespaces are made and dropped, and the processes of those that live are replaced. */
static void churn(const struct host *host)
{
	char names[LIVING_MAX][NAME_LEN];
	const char *const selected = names[list_living(host, names) / 2];
	bool is_selected;

	select_name(host, selected);
	pty_press(host->pty, "m");
	for (int i = 0; i < 2; i++) {
		do_step(host, i == 0 ? "churn\n" : "leader\n");
		assert_living(host);
		sign_of(host, selected, " ", &is_selected);
		assert_true(is_selected);
		assert_int_equal(count_signs(host, '+') + count_signs(host, 'x'), 0);
	}
}

/* The selected one goes, and another one comes. True if that has its number: even so it is new, and
 * not selected. */
static bool replace(const struct host *host)
{
	char old[NAME_LEN], new[NAME_LEN];
	bool is_selected;

	name_replaced(host, old);
	select_name(host, old);
	pty_press(host->pty, "m");
	do_step(host, "replace\n");
	name_replaced(host, new);
	_cleanup_free_ char *message = memory_printf("%s is gone", old);
	const bool is_again = strcmp(old, new) == 0;
	assert_true(pty_shows(host->pty, message));
	assert_int_equal(sign_of(host, old, "x", &is_selected), 'x');
	assert_false(is_selected);
	assert_int_equal(sign_of(host, new, "+", &is_selected), '+');
	assert_false(is_selected && is_again);
	assert_int_equal(count_signs(host, '+'), 1);
	assert_int_equal(count_signs(host, 'x'), 1);
	assert_living(host);
	return is_again;
}

static void run_all(const char *type, const char *interfaces)
{
	struct host host;
	int n = 0;
	bool is_again = false;

	host_start(&host, type, interfaces);
	churn(&host);
	for (; n < ATTEMPTS && !is_again; n++)
		is_again = replace(&host);
	host_end(&host);
	print_message("# R21: %s, %s: selection and marks stay in 1,000 made and dropped; %s after "
	              "%d replacements\n",
	        type, interfaces ? "tags" : "ids",
	        is_again ? "the number was used again" : "the number was not used again", n);
	/* Of others the kernel frees the number later, and another process may get it. */
	assert_true(is_again || strcmp(type, "uts") != 0);
}

#define WITHOUT_IDS "NSBROWSE_TEST_INTERFACES=m"

static void run_types(const char *interfaces)
{
	static const char *const types[] = {
	        "uts", "user", "pid", "mnt", "net", "ipc", "cgroup", "time"};
	const size_t n = getenv("NSBROWSE_LONG") ? ARRAY_SIZE(types) : 1;

	for (size_t i = 0; i < n; i++)
		run_all(types[i], interfaces);
}

static void test_ids(void **state)
{
	(void)state;
	run_types(NULL);
}

static void test_tags(void **state)
{
	(void)state;
	run_types(WITHOUT_IDS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_ids),
	        cmocka_unit_test(test_tags),
	};

	if (!has_scene("identity"))
		return skipped("no namespaces here");
	return cmocka_run_group_tests_name(
	        "marks and selection while namespaces come and go", tests, NULL, NULL);
}
