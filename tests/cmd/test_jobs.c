/* SPDX-License-Identifier: Apache-2.0 */
/* Which jobs the helper of a run has, and the errors of jobs that end without a reply. */
#include "base/attributes.h"
#include "base/memory.h"
#include "cmd/jobs/jobs.h"
#include "cmd/run_jobs.h"
#include "tests/unit.h"

#include <getopt.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>

#define SCREEN  "write a file,draw by dot,complete a name,read options,write options"
#define LIVE    SCREEN ",names of users," SCAN
#define SCAN    "cmdlines,container-files"
#define PLAIN   "names of users,cmdlines,"
#define MOUNTS  "ns-mounted,ns-mountinfo"
#define PROCFS  "proc-mounts"
#define LISTNS  "ns-list-all,ns-keys"
#define MNTNS   "ns-list,ns-open,ns-mounts"
#define NET     "ns-net-files,ns-net-links"
#define LINKS   "ns-net-dump,ns-net-nsids"
#define INSIDE  "ns-inside,subids"
#define EVENTS  "ns-events"
#define DEFAULT SCAN "," LISTNS "," MOUNTS "," PROCFS "," MNTNS

static const struct {
	enum program program;
	const char *arguments; /* one blank between two */
	const char *jobs;
} rows[] = {
        {PROGRAM_NSBROWSE, "",
                LIVE "," LISTNS "," MOUNTS "," PROCFS "," MNTNS ",ns-sockets," NET "," LINKS
                     "," INSIDE ",ns-features," EVENTS},
        {PROGRAM_NSBROWSE, "--scan=all",
                LIVE "," LISTNS "," MOUNTS "," PROCFS "," MNTNS ",ns-sockets," NET "," LINKS
                     "," INSIDE ",ns-features," EVENTS},
        {PROGRAM_NSBROWSE, "--scan=quick",
                LIVE "," LISTNS "," MOUNTS "," PROCFS "," MNTNS ",ns-sockets," NET "," LINKS
                     "," INSIDE ",ns-features," EVENTS},
        {PROGRAM_NSBROWSE, "--no-events",
                LIVE "," LISTNS "," MOUNTS "," PROCFS "," MNTNS ",ns-sockets," NET "," LINKS
                     "," INSIDE ",ns-features"},
        {PROGRAM_NSBROWSE, "demo.json", SCREEN},
        {PROGRAM_NSBROWSE, "--json", "names of users," DEFAULT},
        {PROGRAM_NSBROWSE, "--json demo.json", ""},
        {PROGRAM_NSBROWSE, "-o a.json", "write output,names of users," DEFAULT},
        {PROGRAM_NSBROWSE, "-o - --tree", "names of users," DEFAULT},
        {PROGRAM_NSBROWSE, "-o a.svg demo.json", "write output"},
        {PROGRAM_NSBROWSE, "--svg --layout=dot demo.json", "draw by dot"},
        {PROGRAM_NSBROWSE, "-o a.svg --layout=dot demo.json", "write output,draw by dot"},
        {PROGRAM_NSBROWSE, "--tree --scan=quick", "names of users," SCAN},
        {PROGRAM_NSBROWSE, "--tree --scan=fd", "names of users," SCAN},
        {PROGRAM_NSBROWSE, "--tree --scan=mount", "names of users," SCAN "," MOUNTS "," PROCFS},
        {PROGRAM_NSBROWSE, "--tree --scan=mntns", "names of users," SCAN ",ns-mounted," MNTNS},
        {PROGRAM_NSBROWSE, "--tree --scan=listns", "names of users," SCAN "," LISTNS},
        {PROGRAM_NSBROWSE, "--tree --scan=socket", "names of users," SCAN ",ns-sockets"},
        {PROGRAM_NSBROWSE, "--json --facts=all --scan=quick",
                "names of users," SCAN ",ns-keys," MOUNTS ",ns-sockets," NET "," INSIDE},
        {PROGRAM_NSBROWSE, "--json --facts=all,links --scan=quick",
                "names of users," SCAN ",ns-keys," MOUNTS ",ns-sockets," NET "," LINKS "," INSIDE},
        {PROGRAM_NSBROWSE, "--json --facts=links", "names of users," DEFAULT},
        {PROGRAM_NSBROWSE, "--json --facts=mounts --scan=quick",
                "names of users," SCAN ",ns-keys," MOUNTS ",ns-list,ns-mounts,ns-sockets"},
        {PROGRAM_NSBROWSE, "--json --facts=none", PLAIN LISTNS "," MOUNTS "," PROCFS "," MNTNS},
        {PROGRAM_NSBROWSE, "--facts=none",
                SCREEN "," PLAIN LISTNS "," MOUNTS "," PROCFS "," MNTNS
                       ",ns-sockets,ns-features," EVENTS},
        {PROGRAM_NSBROWSE, "--json --facts=all demo.json", ""},
        {PROGRAM_NSBROWSE, "--version --verbose", "ns-features," EVENTS},
        {PROGRAM_LSUSERNS, "", "names of users," DEFAULT},
        {PROGRAM_LSPIDNS, "-f demo.json", ""},
        {PROGRAM_GRAPHNS, "-f demo.json", SCREEN},
};

static void parse(enum program program, const char *arguments, struct options *ret)
{
	static char words[256];
	char name[] = "test", *argv[8] = {name};
	int argc = 1;

	snprintf(words, sizeof(words), "%s", arguments);
	for (char *word = strtok(words, " "); word; word = strtok(NULL, " "))
		argv[argc++] = word;
	optind = 0;
	assert_int_equal(options_parse(program, argc, argv, ret), 0);
}

static void assert_jobs(
        enum program program, const char *arguments, enum run_helper helper, const char *expected)
{
	const struct helper_job *jobs[RUN_JOBS_MAX];
	struct options options;
	char names[512] = "";

	parse(program, arguments, &options);
	const size_t n = run_jobs(&options, helper, jobs);
	for (size_t k = 0; k < n; k++)
		snprintf(names + strlen(names), sizeof(names) - strlen(names), "%s%s", k ? "," : "",
		        jobs[k]->name);
	assert_string_equal(names, expected);
}

static void only_what_a_run_can_need(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_jobs(rows[i].program, rows[i].arguments, RUN_HELPER, rows[i].jobs);
	(void)state;
}

/* Root has one job, and nobody no file that it could write. */
static void two_helpers_for_a_snapshot_of_root(void **state)
{
	static const struct {
		const char *arguments, *writer, *nobody;
	} snapshots[] = {
	        {"demo.json", "write new file", "draw by dot,complete a name"},
	        {"-o a.svg demo.json", "write as root", ""},
	        {"-o a.svg --layout=dot demo.json", "write as root", "draw by dot"},
	        {"--json demo.json", "", ""},
	        {"--svg --layout=dot demo.json", "", "draw by dot"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(snapshots); i++) {
		const char *const arguments = snapshots[i].arguments;

		assert_jobs(PROGRAM_NSBROWSE, arguments, RUN_WRITER, snapshots[i].writer);
		assert_jobs(PROGRAM_NSBROWSE, arguments, RUN_NOBODY, snapshots[i].nobody);
	}
	(void)state;
}

/* --- without a reply ------------------------------------------------------------------------- */

static const struct {
	enum helper_end end;
	int status;
	const char *part; /* of the error */
} ends[] = {
        {HELPER_EXITED, EXIT_FAILURE, "no reply"},
        {HELPER_KILLED, SIGSEGV, "no reply"},
        {HELPER_KILLED, SIGKILL, "took too long"},
        {HELPER_STUCK, 0, "took too long"},
        {HELPER_LOST, 0, "helper process"},
};

/* A job that has closed its socket. */
static struct helper_pending ended(void)
{
	int sockets[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets), 0);
	close(sockets[1]);
	return (struct helper_pending){.replies = sockets[0]};
}

static void assert_error(const char *error, const char *part, const struct helper_pending *pending)
{
	if (!strstr(error, part))
		fail_msg("\"%s\" does not contain \"%s\"", error, part);
	assert_int_equal(pending->replies, -EBADF);
}

static void the_reason_why_there_is_no_reply(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		const struct helper_exit notice = {.end = ends[i].end, .status = ends[i].status};
		struct helper_pending pending = ended();
		struct completed completed;
		struct drawn drawn;
		struct saved saved;

		complete_finish(&notice, &pending, &completed);
		assert_error(completed.error, ends[i].part, &pending);
		assert_int_equal(completed.n, 0);
		pending = ended();
		assert_int_equal(draw_finish(&notice, &pending, &drawn), -EIO);
		assert_error(drawn.error, ends[i].part, &pending);
		pending = ended();
		save_finish(&notice, &pending, &saved);
		assert_error(saved.error, ends[i].part, &pending);
		assert_false(saved.is_done);
	}
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(only_what_a_run_can_need),
	        cmocka_unit_test(two_helpers_for_a_snapshot_of_root),
	        cmocka_unit_test(the_reason_why_there_is_no_reply),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
