/* SPDX-License-Identifier: Apache-2.0 */
/* A snapshot is untrusted input. A file that breaks the rules is refused with the problem and its
 * line. */
#include "tests/snapshot/hostile.h"

struct hostile {
	const char *text;
	const char *what;
};

static void assert_refused(const struct hostile *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct snapshot_problem problem = {0};
		const int r = refuse(rows[i].text, strlen(rows[i].text), &problem);

		if (r != -EBADMSG || strcmp(problem.what, rows[i].what) != 0)
			fail_msg("%s\n%d: %s\nexpected: %s", rows[i].text, r, problem.what,
			        rows[i].what);
		assert_true(problem.offset <= strlen(rows[i].text));
	}
}

/* The frames of the tables below are valid. */
static void the_rest_is_sound(void **state _unused_)
{
	static const char *const valid[] = {
	        NAMESPACES(""),
	        NAMESPACES(USER("1", FIRST) ",\n" NET("2", "4", "1")),
	        NAMESPACES(NET("2", "4", "1") "," USER("1", FIRST)),
	        PROCESSES(PROCESS("1") ", " PROCESS("2")),
	        PROCESSES(PROCESS_WITH("1", "\"c\"", "\"namespaces\": {\"user\": 1}")),
	        NAMESPACES(HELD("[{\"by\": \"fd\", \"pid\": 1, \"fd\": 0}]")),
	        NOTES("{\"pid\": 1, \"what\": \"stat\", \"errno\": \"EIO\"}"),
	        COMM("\"\\u00e4\\ud83d\\ude00\""),
	        COMM("{\"base64\": \"/w==\"}"),
	        /* Order of keys, white space, and keys of a later version. */
	        "\n\t{ \"notes\" :[ ],\"processes\":[\r\n],\"namespaces\":[], "
	        "\"later\": {\"a\": [1, {\"b\": \"]\\\"}\"}]}, " HOST ", " TOP " } ",
	        PROCESSES(PROCESS_WITH("1", "\"c\"",
	                "\"later\": {\"pid\": [[[{}]]]}, \"namespaces\": {\"later\": 5}")),
	};

	for (size_t i = 0; i < ARRAY_SIZE(valid); i++) {
		_cleanup_model_ const struct model *model = load(valid[i], strlen(valid[i]));

		assert_round_trip(model);
	}
}

/* Other values than user IDs cannot have them. */
static void states_of_user_ids_elsewhere(void **state _unused_)
{
	static const char text[] = NAMESPACES(USER_MAPS("1",
	        "\"parent\": 1, \"parent_state\": \"ambiguous\", "
	        "\"owner\": null, \"owner_state\": \"unmapped\"",
	        "\"uid_map\": [[0, 0, 1]], \"gid_map\": [[0, 0, 1]], "
	        "\"setgroups\": null, \"maps_state\": \"ambiguous\""));
	_cleanup_model_ const struct model *model = load(text, sizeof(text) - 1);
	const struct ns *ns = model->namespaces[0];

	assert_int_equal(ns->parent.state, REL_FAILED);
	assert_int_equal(ns->owner.state, REL_FAILED);
	assert_int_equal(ns->maps_state, REL_FAILED);
	assert_round_trip(model);
}

/* A later program may have more states, sources and kinds of holders. */
static void words_of_a_later_program(void **state _unused_)
{
	static const char states[] = NAMESPACES(USER_MAPS("1",
	        "\"parent\": \"x\", \"parent_state\": \"guessed\", "
	        "\"owner\": null, \"owner_state\": \"lost\"",
	        "\"uid_map\": [[0, 0, 1]], \"gid_map\": null, \"setgroups\": null, "
	        "\"maps_state\": \"cut\""));
	static const char holders[] = NAMESPACES(
	        HELD("[{\"by\": \"magic\", \"pid\": 7, \"x\": 1}, {\"by\": \"cache\"}]"));
	_cleanup_model_ const struct model *model = load(states, sizeof(states) - 1);
	const struct ns *ns = model->namespaces[0];

	assert_int_equal(ns->parent.state, REL_FAILED);
	assert_null(ns->parent.ns);
	assert_int_equal(ns->owner.state, REL_FAILED);
	assert_int_equal(ns->maps_state, REL_FAILED);
	assert_round_trip(model);

	_cleanup_model_ const struct model *held = load(holders, sizeof(holders) - 1);
	ns = held->namespaces[0];
	assert_int_equal(ns->n_holders, 2);
	assert_int_equal(ns->holders[0].kind, HOLDER_OTHER);
	assert_string_equal(ns->holders[0].path, "cache");
	assert_int_equal(ns->holders[1].pid, 7);
	assert_string_equal(ns->holders[1].path, "magic");
	assert_false(model_is_leaked(ns));
	assert_round_trip(held);

	static const struct {
		const char *member;
		uint32_t reasons;
	} rows[] = {
	        {"\"partial\": [], \"complete\": true", 0},
	        {"\"partial\": [\"hidepid\", \"magic\"], \"complete\": false",
	                1u << PARTIAL_HIDEPID | 1u << PARTIAL_FAILED},
	        {"\"partial\": [\"hidepid\"], \"complete\": true", 1u << PARTIAL_HIDEPID},
	        {"\"partial\": [], \"complete\": false", 1u << PARTIAL_FAILED},
	        {"\"complete\": false", 1u << PARTIAL_FAILED},
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		static const char whole[] = NAMESPACES(""), old[] = "\"complete\": true";
		const char *at = strstr(whole, old);
		_cleanup_free_ char *text = memory_printf(
		        "%.*s%s%s", (int)(at - whole), whole, rows[i].member, at + strlen(old));
		_cleanup_model_ const struct model *host = load(text, strlen(text));

		assert_int_equal(host->host.partial, rows[i].reasons);
		assert_round_trip(host);
	}
}

/* Only in a file without the list of reasons is a note of that name a reason. */
static void notes_with_the_names_of_reasons(void **state _unused_)
{
	static const char whole[] = NOTES("{\"pid\": null, \"what\": \"userns\", \"errno\": null}");
	static const char old[] = "\"complete\": true";
	const char *at = strstr(whole, old);
	_cleanup_free_ char *text =
	        memory_printf("%.*s\"partial\": [], %s", (int)(at - whole), whole, at);
	_cleanup_model_ const struct model *earlier = load(whole, sizeof(whole) - 1);
	_cleanup_model_ const struct model *now = load(text, strlen(text));

	assert_int_equal(earlier->host.partial, 1u << PARTIAL_USER_NAMESPACE);
	assert_int_equal(earlier->n_notes, 0);
	assert_int_equal(now->host.partial, 0);
	assert_int_equal(now->n_notes, 1);
}

static void escapes_are_decoded(void **state _unused_)
{
	static const char text[] = COMM(
	        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e4\\u20AC\\ud83D\\ude00\xc3\xbc\x7f\"");
	_cleanup_model_ const struct model *model = load(text, sizeof(text) - 1);

	assert_string_equal(model->processes[0]->comm,
	        "\"\\/\b\f\n\r\tA\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\xc3\xbc\x7f");
	assert_round_trip(model);
}

static void the_top_level(void **state _unused_)
{
	static const struct hostile rows[] = {
	        {"", "line 1: not a snapshot: empty"},
	        {" \n\n", "line 3: not a snapshot: empty"},
	        {"hello", "line 1: not a snapshot: it does not begin with \"{\""},
	        {"\xef\xbb\xbf{}", "line 1: not a snapshot: it does not begin with \"{\""},
	        {"[1]", "line 1: not a snapshot: it does not begin with \"{\""},
	        {"{}", "line 1: \"format\" is missing"},
	        {"{\"format\": \"x\"}",
	                "line 1: not a snapshot: \"format\" is not \"nsbrowse-snapshot\""},
	        {"{\"format\": 1}", "line 1: \"format\" is not a string"},
	        {"{\"format\": \"nsbrowse-snapshots\", \"version\": 1, \"hosts\": []}",
	                "line 1: several snapshots in one file: this program reads one"},
	        {"{\"format\": \"nsbrowse-snapshot\"}", "line 1: \"version\" is missing"},
	        {"{\"format\": \"nsbrowse-snapshot\", \"version\": 2}",
	                "line 1: snapshot version 2 is newer than this program"},
	        {"{\"format\": \"nsbrowse-snapshot\", \"version\": 0}",
	                "line 1: \"version\" is out of range"},
	        {"{\"format\": \"nsbrowse-snapshot\", \"version\": \"1\"}",
	                "line 1: \"version\" is not an integer"},
	        {"{\"format\": \"nsbrowse-snapshot\", \"version\": 1.0}",
	                "line 1: \"version\" is not an integer"},
	        {"{" TOP "}", "line 1: \"host\" is missing"},
	        {HEAD "\"processes\": [], \"notes\": []}", "line 3: \"namespaces\" is missing"},
	        {HEAD "\"namespaces\": [], \"notes\": []}", "line 3: \"processes\" is missing"},
	        {HEAD "\"namespaces\": [], \"processes\": []}", "line 3: \"notes\" is missing"},
	        {HEAD HOST "}", "line 3: \"host\" is a duplicate"},
	        {HEAD "\"namespaces\": {}, \"processes\": [], \"notes\": []}",
	                "line 3: a list is missing"},
	        {NAMESPACES("") "{}", "line 6: data after the snapshot"},
	        {HEAD "\"x\": [}]}", "line 3: mismatched bracket"},
	        {HEAD "\"x\" 1}", "line 3: a colon is missing"},
	        {HEAD "\"x\": }", "line 3: a value is missing"},
	        {HEAD "\"x\": 1,}", "line 3: a key is missing"},
	        {HEAD "\"x\": 1 \"y\": 2}", "line 3: a comma is missing"},
	        {HEAD "x: 1}", "line 3: a key is missing"},
	        {HEAD "\"x\": \"abc", "line 3: unexpected end of the snapshot"},
	        {HEAD "\"x\": [1, 2", "line 3: unexpected end of the snapshot"},
	        {HEAD "\"x\": \"abc\\", "line 3: unexpected end of the snapshot"},
	};

	assert_refused(rows, ARRAY_SIZE(rows));
}

static void numbers_and_strings(void **state _unused_)
{
	static const struct hostile rows[] = {
	        {PROCESSES(PROCESS("18446744073709551617")), "line 4: a number is too large"},
	        {PROCESSES(PROCESS("9223372036854775807")), "line 4: \"pid\" is out of range"},
	        {PROCESSES(PROCESS("2147483648")), "line 4: \"pid\" is out of range"},
	        {PROCESSES(PROCESS("0")), "line 4: \"pid\" is out of range"},
	        {PROCESSES(PROCESS("-1")), "line 4: \"pid\" is out of range"},
	        {PROCESSES(PROCESS("1.5")), "line 4: \"pid\" is not an integer"},
	        {PROCESSES(PROCESS("1e3")), "line 4: \"pid\" is not an integer"},
	        {PROCESSES(PROCESS("01")), "line 4: not valid JSON"},
	        {PROCESSES(PROCESS("+1")), "line 4: not valid JSON"},
	        {PROCESSES(PROCESS("NaN")), "line 4: not valid JSON"},
	        {PROCESSES(PROCESS("Infinity")), "line 4: not valid JSON"},
	        {PROCESSES(PROCESS("0x1")), "line 4: not valid JSON"},
	        {PROCESSES(PROCESS("1e999")), "line 4: \"pid\" is not an integer"},
	        {PROCESSES(PROCESS("9223372036854775808")), "line 4: a number is too large"},
	        {PROCESSES(PROCESS("-0.5E+10")), "line 4: \"pid\" is not an integer"},
	        {PROCESSES(PROCESS("1.")), "line 4: not valid JSON"},
	        {PROCESSES(PROCESS("1e")), "line 4: not valid JSON"},
	        {PROCESSES(PROCESS("1e+")), "line 4: not valid JSON"},
	        {PROCESSES(PROCESS("-")), "line 4: not valid JSON"},
	        {PROCESSES(PROCESS(".5")), "line 4: not valid JSON"},
	        {PROCESSES(PROCESS("truex")), "line 4: not valid JSON"},
	        {PROCESSES(PROCESS("\"1\"")), "line 4: \"pid\" is not an integer"},
	        {PROCESSES(PROCESS("true")), "line 4: \"pid\" is not an integer"},
	        {PROCESSES(PROCESS("null")), "line 4: \"pid\" is not an integer"},
	        {PROCESSES(PROCESS("[1]")), "line 4: \"pid\" is not an integer"},
	        {COMM("7"), "line 4: \"comm\" is not a string"},
	        {COMM("null"), "line 4: \"comm\" is not a string"},
	        {COMM("[]"), "line 4: \"comm\" is not a string"},
	        {COMM("\"\\u0000\""), "line 4: a string contains a NUL"},
	        {COMM("\"\\ud800\""), "line 4: not valid JSON"},
	        {COMM("\"\\udc00\""), "line 4: not valid JSON"},
	        {COMM("\"\\ud800\\u0041\""), "line 4: not valid JSON"},
	        {COMM("\"\\ud800x\""), "line 4: not valid JSON"},
	        {COMM("\"\\ud800\\ud800\""), "line 4: not valid JSON"},
	        {COMM("\"\\u12\""), "line 4: not valid JSON"},
	        {COMM("\"\\u12g4\""), "line 4: not valid JSON"},
	        {COMM("\"\\x41\""), "line 4: not valid JSON"},
	        {COMM("\"\xe6\xbc\""), "line 4: not valid UTF-8"},
	        {COMM("tru"), "line 4: not valid JSON"},
	        {COMM("\"a\nb\""), "line 4: not valid JSON"},
	        {COMM("\"\xff\""), "line 4: not valid UTF-8"},
	        {COMM("\"\xed\xa0\x80\""), "line 4: not valid UTF-8"},
	        {COMM("\"\xc0\x80\""), "line 4: not valid UTF-8"},
	        {COMM("'c'"), "line 4: not valid JSON"},
	        {COMM("{}"), "line 4: \"base64\" is missing"},
	        {COMM("{\"base64\": 1}"), "line 4: \"comm\" is not valid base64"},
	        {COMM("{\"base64\": \"\"}, \"comm\": \"\""), "line 4: \"comm\" is a duplicate"},
	        {COMM("{\"base64\": \"A\"}"), "line 4: \"comm\" is not valid base64"},
	        {COMM("{\"base64\": \"/x==\"}"), "line 4: \"comm\" is not valid base64"},
	        {COMM("{\"base64\": \"=w==\"}"), "line 4: \"comm\" is not valid base64"},
	        {COMM("{\"base64\": \"/w==/w==\"}"), "line 4: \"comm\" is not valid base64"},
	        {COMM("{\"base64\": \"/w_-\"}"), "line 4: \"comm\" is not valid base64"},
	        {COMM("{\"base64\": \"YQBi\"}"), "line 4: \"comm\" contains a NUL"},
	};

	assert_refused(rows, ARRAY_SIZE(rows));
}

static void namespaces(void **state _unused_)
{
	static const struct hostile rows[] = {
	        {NAMESPACES("7"), "line 3: an object is missing"},
	        {NAMESPACES("{}"), "line 3: \"type\" is missing"},
	        {NAMESPACES("{\"type\": \"dns\"}"), "line 3: \"type\" has an unknown value"},
	        {NAMESPACES("{\"type\": \"net\"}"), "line 3: \"inode\" is missing"},
	        {NAMESPACES(NET("0", "4", "1")), "line 3: \"inode\" is out of range"},
	        {NAMESPACES(NET("-1", "4", "1")), "line 3: \"inode\" is out of range"},
	        {NAMESPACES(NET("2", "0", "1")), "line 3: \"dev\" is out of range"},
	        {NAMESPACES(NET("2", "4", "1")),
	                "line 3: net:[2] leads to user:[1], which is not in the snapshot"},
	        {NAMESPACES(NET("2", "4", "1") ", " USER("1", FIRST) ",\n" NET("2", "4", "1")),
	                "line 4: net:[2] is a duplicate"},
	        {NAMESPACES(NET("2", "4", "1") ",\n" USER("1", FIRST) ",\n" NET("2", "5", "1")),
	                "line 5: net:[2] is a duplicate"},
	        {NAMESPACES(USER("1", FIRST) ",\n" USER("2", BELOW("7"))),
	                "line 4: user:[2] leads to user:[7], which is not in the snapshot"},
	        {NAMESPACES(USER("1", BELOW("1"))),
	                "line 3: user:[1] is its own ancestor, or has more than 1,000"},
	        {NAMESPACES(USER("1", BELOW("2")) ",\n" USER("2", BELOW("1"))),
	                "line 3: user:[1] is its own ancestor, or has more than 1,000"},
	        {NAMESPACES(USER("1", "\"parent\": 5, \"parent_state\": \"hidden\", "
	                              "\"owner\": null, \"owner_state\": \"hidden\"")),
	                "line 3: \"parent\" is not null, but its state is not known"},
	        {NAMESPACES(USER("1", "\"parent\": null, \"parent_state\": \"known\", "
	                              "\"owner\": null, \"owner_state\": \"hidden\"")),
	                "line 3: \"parent\" is null, but its state is known"},
	        {NAMESPACES(USER("1", "\"parent\": null, \"parent_state\": 3, "
	                              "\"owner\": null, \"owner_state\": \"hidden\"")),
	                "line 3: \"parent_state\" is not a string"},
	        {NAMESPACES(NET("2", "4", "null")),
	                "line 3: \"owner\" is null, but its state is known"},
	        {NAMESPACES(HELD("{}")), "line 3: \"held_by\" is not a list"},
	        {NAMESPACES(HELD("[1]")), "line 3: an object is missing"},
	        {NAMESPACES(HELD("[{}]")), "line 3: \"by\" is missing"},
	        {NAMESPACES(HELD("[{\"by\": 3}]")), "line 3: \"by\" is not a string"},
	        {NAMESPACES(HELD("[{\"by\": \"magic\", \"pid\": 0}]")),
	                "line 3: \"pid\" is out of range"},
	        {NAMESPACES(HELD("[{\"by\": \"fd\", \"pid\": 1}]")), "line 3: \"fd\" is missing"},
	        {NAMESPACES(HELD("[{\"by\": \"fd\", \"pid\": 1, \"fd\": -1}]")),
	                "line 3: \"fd\" is out of range"},
	        {NAMESPACES(HELD("[{\"by\": \"thread\", \"pid\": 1, \"fd\": 1}]")),
	                "line 3: \"tid\" is missing"},
	        {NAMESPACES(HELD("[{\"by\": \"mount\", \"path\": null, \"mnt\": 1}]")),
	                "line 3: \"path\" is not a string"},
	        {NAMESPACES(USER_MAPS("1", FIRST,
	                 "\"uid_map\": [[0, 0]], \"gid_map\": [], \"setgroups\": null, "
	                 "\"maps_state\": \"known\"")),
	                "line 3: \"uid_map\" has an element that is not a list of three numbers"},
	        {NAMESPACES(USER_MAPS("1", FIRST,
	                 "\"uid_map\": [[0, 0, 1, 1]], \"gid_map\": [], \"setgroups\": null, "
	                 "\"maps_state\": \"known\"")),
	                "line 3: \"uid_map\" has an element that is not a list of three numbers"},
	        {NAMESPACES(USER_MAPS("1", FIRST,
	                 "\"uid_map\": [], \"gid_map\": [[0, 4294967296, 1]], "
	                 "\"setgroups\": null, \"maps_state\": \"known\"")),
	                "line 3: \"gid_map\" is out of range"},
	        {NAMESPACES(USER_MAPS("1", FIRST,
	                 "\"uid_map\": [], \"gid_map\": [], \"setgroups\": \"maybe\", "
	                 "\"maps_state\": \"known\"")),
	                "line 3: \"setgroups\" has an unknown value"},
	        {NAMESPACES(USER_MAPS("1", FIRST,
	                 "\"uid_map\": [], \"gid_map\": null, \"setgroups\": null, "
	                 "\"maps_state\": \"known\"")),
	                "line 3: \"gid_map\" is null, but its state is known"},
	};

	assert_refused(rows, ARRAY_SIZE(rows));
}

static void processes_and_notes(void **state _unused_)
{
	static const struct hostile rows[] = {
	        {PROCESSES(PROCESS("1") ",\n" PROCESS("2") ",\n" PROCESS("1")),
	                "line 6: process 1 is a duplicate"},
	        {PROCESSES(PROCESS_WITH("1", "\"c\"", "\"namespaces\": {\"user\": 2}")),
	                "line 4: process 1 is in user:[2], which is not in the snapshot"},
	        {PROCESSES(PROCESS_WITH("1", "\"c\"", "\"namespaces\": {\"net\": 1}")),
	                "line 4: process 1 is in net:[1], which is not in the snapshot"},
	        {PROCESSES(PROCESS_WITH("1", "\"c\"", "\"namespaces\": []")),
	                "line 4: an object is missing"},
	        {PROCESSES(PROCESS_WITH("1", "\"c\"", "\"x\": 1")),
	                "line 4: \"namespaces\" is missing"},
	        {PROCESSES("{\"pid\": 1}"), "line 4: \"ppid\" is missing"},
	        {PROCESSES("{\"pid\": 1, \"ppid\": 0, \"started\": 1, \"uid\": 0, "
	                   "\"state\": \"\\u001b\"}"),
	                "line 4: \"state\" is not a letter"},
	        {PROCESSES("{\"pid\": 1, \"ppid\": 0, \"started\": 1, \"uid\": 0, "
	                   "\"state\": \"SS\"}"),
	                "line 4: \"state\" is not a letter"},
	        {PROCESSES("{\"pid\": 1, \"ppid\": 0, \"started\": 1, \"uid\": 0, "
	                   "\"state\": \"S\", \"kernel\": 0}"),
	                "line 4: \"kernel\" is neither true nor false"},
	        {PROCESSES("{\"pid\": 1, \"ppid\": 0, \"started\": 1, \"uid\": 0, "
	                   "\"state\": \"S\", \"kernel\": true, \"comm\": \"\", \"name\": \"\", "
	                   "\"nspid\": []}"),
	                "line 4: \"nspid\" is empty"},
	        {PROCESSES(PROCESS_WITH("1", "\"c\"", "\"cmdline\": [1]")),
	                "line 4: \"cmdline\" is not a string"},
	        {PROCESSES(PROCESS_WITH("1", "\"c\"", "\"cmdline\": \"sh\"")),
	                "line 4: \"cmdline\" is not a list"},
	        {PROCESSES(PROCESS_WITH("1", "\"c\"", "\"cmdline\": null")),
	                "line 4: \"cmdline_errno\" is missing"},
	        {PROCESSES(PROCESS_WITH(
	                 "1", "\"c\"", "\"cmdline\": null, \"cmdline_errno\": \"EWHAT\"")),
	                "line 4: \"cmdline_errno\" is not the name of an error"},
	        {PROCESSES(PROCESS_WITH("1", "\"c\"", "\"cmdline\": [], \"cmdline_cut\": 1")),
	                "line 4: \"cmdline_cut\" is neither true nor false"},
	        {PROCESSES(PROCESS_WITH("1", "\"c\"", "\"cgroup\": null")),
	                "line 4: \"cgroup\" is not a string"},
	        {NOTES("{\"pid\": 1, \"what\": \"x\", \"errno\": \"EWHAT\"}"),
	                "line 5: \"errno\" is not the name of an error"},
	        {NOTES("{\"pid\": 1, \"what\": \"x\", \"errno\": 0}"),
	                "line 5: \"errno\" is out of range"},
	        {NOTES("{\"pid\": 0, \"what\": \"x\", \"errno\": null}"),
	                "line 5: \"pid\" is out of range"},
	        {NOTES("{\"pid\": null, \"errno\": null}"), "line 5: \"what\" is missing"},
	};

	assert_refused(rows, ARRAY_SIZE(rows));
}

static void hosts(void **state _unused_)
{
	static const struct {
		const char *from, *to, *what;
	} rows[] = {
	        {"2026-11-23T15:04:00Z", "2026-02-30T15:04:00Z",
	                "line 2: \"taken\" is not a time like 2026-11-23T15:04:00Z"},
	        {"2026-11-23T15:04:00Z", "2026-11-23 15:04:00Z",
	                "line 2: \"taken\" is not a time like 2026-11-23T15:04:00Z"},
	        {"2026-11-23T15:04:00Z", "2026-11-23T15:04:0xZ",
	                "line 2: \"taken\" is not a time like 2026-11-23T15:04:00Z"},
	        {"2026-11-20T05:09:00Z", "1969-11-20T05:09:00Z",
	                "line 2: \"booted\" is not a time like 2026-11-23T15:04:00Z"},
	        {"[\"process\"]", "[\"magic\", 7]", "line 2: \"sources\" is not a string"},
	        {"[\"process\"]", "{}", "line 2: \"sources\" is not a list"},
	        {"\"hertz\": 100", "\"hertz\": 0", "line 2: \"hertz\" is out of range"},
	        {"\"euid\": 0", "\"euid\": 4294967296", "line 2: \"euid\" is out of range"},
	        {"\"complete\": true", "\"complete\": true, \"partial\": [1]",
	                "line 2: \"partial\" is not a string"},
	        {"\"complete\": true", "\"complete\": null",
	                "line 2: \"complete\" is neither true nor false"},
	        {"\"kernel\"", "\"x\"", "line 2: \"kernel\" is missing"},
	};
	static const char whole[] = NAMESPACES("");

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *at = strstr(whole, rows[i].from);

		assert_non_null(at);
		_cleanup_free_ char *text = memory_printf("%.*s%s%s", (int)(at - whole), whole,
		        rows[i].to, at + strlen(rows[i].from));
		const struct hostile row = {text, rows[i].what};

		assert_refused(&row, 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(the_rest_is_sound),
	        cmocka_unit_test(states_of_user_ids_elsewhere),
	        cmocka_unit_test(words_of_a_later_program),
	        cmocka_unit_test(notes_with_the_names_of_reasons),
	        cmocka_unit_test(escapes_are_decoded),
	        cmocka_unit_test(the_top_level),
	        cmocka_unit_test(numbers_and_strings),
	        cmocka_unit_test(namespaces),
	        cmocka_unit_test(processes_and_notes),
	        cmocka_unit_test(hosts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
