/* SPDX-License-Identifier: Apache-2.0 */
/* A model that is written and read again is written as the same bytes: the host, processes, and
 * strings from outside. Namespaces: test_round_trip_ns.c. */
#include "tests/snapshot/parts.h"

#include <limits.h>

static void nothing_at_all(void **state _unused_)
{
	_cleanup_model_ const struct model *model = freeze(builder_new());
	_cleanup_bytes_ struct bytes text = save(model, NULL);

	assert_string_equal(text.bytes,
	        "{\"format\": \"nsbrowse-snapshot\", \"version\": 1, \"program\": null,\n"
	        "  \"host\": {\"name\": null, \"kernel\": null, \"boot_id\": null, "
	        "\"taken\": null, \"hertz\": null, \"booted\": null, \"euid\": 0, "
	        "\"sources\": [], \"processes\": 0, \"unreadable\": 0, "
	        "\"partial\": [], \"complete\": true},\n"
	        "  \"namespaces\": [],\n  \"processes\": [],\n  \"notes\": []}\n");
	assert_round_trip(model);
}

/* Facts that a snapshot has only if they are true, and numbers that are not known. */
static void flags_come_back(void **state _unused_)
{
	struct builder *builder = builder_new();
	struct process *process = add_process(builder, 8, "a");

	add_process(builder, 9, "b");
	process->is_self = process->is_unborn = true;
	process->live_thread = INT_MAX;
	process->state = 'S';
	_cleanup_model_ const struct model *model = freeze(builder);
	_cleanup_bytes_ struct bytes text = save(model, NULL);
	_cleanup_model_ const struct model *again = load(text.bytes, text.len);

	assert_round_trip(model);
	assert_non_null(strstr(text.bytes, "\"pid\": 8, \"ppid\": 0, \"started\": 0, "));
	assert_non_null(strstr(text.bytes, "\"pid\": 9, \"ppid\": null, \"started\": null, "));
	assert_true(again->processes[0]->is_self);
	assert_true(again->processes[0]->is_unborn);
	assert_int_equal(again->processes[0]->live_thread, INT_MAX);
	assert_false(again->processes[1]->is_self);
	assert_false(again->processes[1]->is_unborn);
	assert_int_equal(again->processes[1]->live_thread, 0);
}

static void fill_host(struct builder *builder, const char *name)
{
	*builder_host(builder) = (struct host){
	        .name = name,
	        .kernel = name,
	        .boot_id = name,
	        .program = name,
	        .taken = INT64_C(253402300799),
	        .booted = 1,
	        .hertz = UINT_MAX,
	        .euid = UINT32_MAX,
	        .sources = (UINT32_C(1) << SOURCES) - 1,
	        .unreadable = 3,
	        .partial = (UINT32_C(1) << PARTIALS) - 1,
	};
}

static void the_host_comes_back(void **state _unused_)
{
	struct builder *builder = builder_new();

	fill_host(builder, "h");
	_cleanup_model_ const struct model *model = freeze(builder);
	_cleanup_bytes_ struct bytes text = save(model, NULL);
	_cleanup_model_ const struct model *again = load(text.bytes, text.len);

	assert_non_null(strstr(text.bytes, "\"taken\": \"9999-12-31T23:59:59Z\""));
	assert_non_null(strstr(text.bytes, "\"booted\": \"1970-01-01T00:00:01Z\""));
	assert_round_trip(model);
	assert_int_equal(again->host.taken, model->host.taken);
	assert_int_equal(again->host.booted, 1);
	assert_int_equal(again->host.hertz, UINT_MAX);
	assert_int_equal(again->host.euid, UINT32_MAX);
	assert_int_equal(again->host.sources, model->host.sources);
	assert_int_equal(again->host.unreadable, 3);
	assert_int_equal(again->host.partial, model->host.partial);
}

/* A model with `name` in each string that comes from outside. */
static const struct model *named(const char *name)
{
	const char *arguments[] = {name, "", name, NULL};
	struct builder *builder = builder_new();
	struct ns *ns = add_ns(builder, NS_USER, USER);
	struct process *process = add_process(builder, 7, name);

	fill_host(builder, name);
	ns->owner_uid_state = REL_KNOWN;
	ns->owner_name = name;
	builder_hold(builder, ns, &(struct holder){.kind = HOLDER_MOUNT, .path = name});
	process->cmdline = arguments;
	process->cgroup = name;
	process->is_unborn = true;
	process->ns[NS_USER] = ns;
	builder_note(builder, 7, name, EIO);
	const struct model *model = freeze(builder);
	assert_round_trip(model);
	_cleanup_bytes_ struct bytes text = save(model, NULL);
	/* Printable, but for the line breaks of the format. */
	for (size_t i = 0; i < text.len; i++)
		assert_true(text.bytes[i] == '\n' ||
		            ((unsigned char)text.bytes[i] >= 0x20 && text.bytes[i] != 0x7f));
	const struct model *again = load(text.bytes, text.len);
	model_unref(model);
	return again;
}

static void command_lines_that_were_not_read(void **state _unused_)
{
	static const struct {
		int error;
		bool is_cut;
	} rows[] = {{EACCES, false}, {ETIMEDOUT, false}, {EXDEV, false}, {512, false}, {0, true}};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *arguments[] = {"a", NULL};
		struct builder *builder = builder_new();
		struct process *process = add_process(builder, 7, "x");

		fill_host(builder, "h");
		process->cmdline = rows[i].error ? NULL : arguments;
		process->cmdline_error = rows[i].error;
		process->is_cmdline_cut = rows[i].is_cut;
		_cleanup_model_ const struct model *model = freeze(builder);
		assert_round_trip(model);
		_cleanup_bytes_ struct bytes text = save(model, NULL);
		_cleanup_model_ const struct model *again = load(text.bytes, text.len);
		assert_int_equal(again->processes[0]->cmdline_error, rows[i].error);
		assert_int_equal(again->processes[0]->is_cmdline_cut, rows[i].is_cut);
	}
}

static void assert_name(const char *name)
{
	_cleanup_model_ const struct model *model = named(name);
	const struct process *process = model->processes[0];

	assert_string_equal(model->host.name, name);
	assert_string_equal(model->host.program, name);
	assert_string_equal(model->namespaces[0]->owner_name, name);
	assert_string_equal(model->namespaces[0]->holders[0].path, name);
	assert_string_equal(process->comm, name);
	assert_string_equal(process->name, name);
	assert_string_equal(process->cgroup, name);
	assert_true(process->is_unborn);
	assert_string_equal(process->cmdline[0], name);
	assert_string_equal(process->cmdline[1], "");
	assert_string_equal(process->cmdline[2], name);
	assert_null(process->cmdline[3]);
	assert_string_equal(model->notes[0].what, name);
}

static void hostile_names_come_back(void **state _unused_)
{
	static const char *const names[] = {
	        "",
	        " ",
	        "\x1b[2J",
	        "\x1b]0;x\a",
	        "a\nb\r\tc",
	        "\x7f",
	        "\b\b",
	        "\\",
	        "\"",
	        "\\u0000",
	        "\\\"",
	        "{\"base64\": \"AA==\"}",
	        "null",
	        "/",
	        "\xc2\x80",
	        "\xc2\x9b[31m",
	        "\xe2\x80\xae",
	        "\xe2\x81\xa6x",
	        "\xe2\x80\xa8",
	        "\xef\xbb\xbf",
	        "\xef\xbf\xbe",
	        "\xef\xb7\x90",
	        "\xf4\x8f\xbf\xbf",
	        "\xf0\x9f\x98\x80",
	        "\xf3\xa0\x81\x81",
	        "\xcc\x81",
	        "\xe5\xba\x83",
	        "\xef\xbf\xbd",
	        "\xff",
	        "\xff\xff",
	        "\xff\xff\xff",
	        "\xff\xff\xff\xff",
	        "a\x80",
	        "\xc3",
	        "\xe2\x82",
	        "\xf0\x9f\x98",
	        "\xc0\x80",
	        "\xed\xa0\x80",
	        "\xf4\x90\x80\x80",
	        "\xfe",
	        "caf\xe9",
	        "\xe2\x80\xae\xff",
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		assert_name(names[i]);
	print_message("# R3: %zu hostile names: written, read and written again: the same bytes\n",
	        ARRAY_SIZE(names));
}

/* Each byte, and each pair of one with a byte that begins a character. */
static void every_byte_comes_back(void **state _unused_)
{
	for (int byte = 1; byte < 256; byte++) {
		const char name[] = {(char)byte, '\0'};
		const char pair[] = {'\xc2', (char)byte, '\0'};
		const char triple[] = {'\xe2', '\x80', (char)byte, '\0'};

		assert_name(name);
		assert_name(pair);
		assert_name(triple);
	}
}

static void processes_come_back(void **state _unused_)
{
	struct builder *builder = builder_new();
	struct ns *user = add_ns(builder, NS_USER, USER);
	struct process *known = add_process(builder, 9, "a"), *unknown;

	*known = (struct process){.pid = 9,
	        .ppid = INT_MAX,
	        .started = INT64_MAX,
	        .uid = UINT32_MAX,
	        .uid_state = REL_KNOWN,
	        .is_kernel = true,
	        .state = 'Z',
	        .comm = "a",
	        .name = "b",
	        .nspid = known->nspid,
	        .n_nspid = 2};
	known->ns[NS_USER] = user;
	unknown = add_process(builder, 8, "c");
	unknown->uid = 5;
	_cleanup_model_ const struct model *model = freeze(builder);
	_cleanup_bytes_ struct bytes text = save(model, NULL);
	_cleanup_model_ const struct model *again = load(text.bytes, text.len);

	assert_round_trip(model);
	assert_int_equal(again->n_processes, 2);
	const struct process *process = again->processes[1];
	assert_int_equal(process->ppid, INT_MAX);
	assert_int_equal(process->started, INT64_MAX);
	assert_int_equal(process->uid, UINT32_MAX);
	assert_true(process->is_kernel);
	assert_int_equal(process->state, 'Z');
	assert_int_equal(process->n_nspid, 2);
	assert_int_equal(process->nspid[1], 1);
	assert_null(process->cmdline);
	assert_null(process->cgroup);
	assert_ptr_equal(process->ns[NS_USER], again->namespaces[0]);
	assert_int_equal(again->processes[0]->uid_state, REL_FAILED);
	assert_null(again->processes[0]->ns[NS_USER]);
}

static void notes_come_back_in_order(void **state _unused_)
{
	static const int errors[] = {EACCES, 0, 524, EPERM, EIO, 133};
	struct builder *builder = builder_new();

	for (size_t i = 0; i < ARRAY_SIZE(errors); i++)
		builder_note(builder, (pid_t)i, "ns/net", errors[i]);
	_cleanup_model_ const struct model *model = freeze(builder);
	_cleanup_bytes_ struct bytes text = save(model, NULL);
	_cleanup_model_ const struct model *again = load(text.bytes, text.len);

	assert_round_trip(model);
	assert_non_null(strstr(text.bytes,
	        "    {\"pid\": null, \"what\": \"ns/net\", \"errno\": \"EACCES\"},\n"
	        "    {\"pid\": 1, \"what\": \"ns/net\", \"errno\": null},\n"
	        "    {\"pid\": 2, \"what\": \"ns/net\", \"errno\": 524},\n"));
	for (size_t i = 0; i < ARRAY_SIZE(errors); i++)
		assert_int_equal(again->notes[i].error, errors[i]);
}

static const char *name_of(const void *data, uid_t uid)
{
	return uid == 1000 ? data : NULL;
}

/* A scan has UIDs, its caller the names; names from a snapshot are kept. */
static void names_come_from_outside(void **state _unused_)
{
	struct snapshot_names names = {.name_of = name_of, .data = "harald"};
	static const char *const expected[] = {
	        "\"owner_uid\": 1000, \"owner_name\": \"harald\", \"owner_uid_state\": \"known\"",
	        "\"owner_uid\": 4711, \"owner_name\": null, \"owner_uid_state\": \"known\"",
	        "\"owner_uid\": 1000, \"owner_name\": \"other\", \"owner_uid_state\": \"known\"",
	        "\"owner_uid\": null, \"owner_name\": null, \"owner_uid_state\": \"failed\"",
	};
	struct builder *builder = builder_new();

	for (uint64_t i = 0; i < ARRAY_SIZE(expected); i++) {
		struct ns *ns = add_ns(builder, NS_USER, USER + i);

		ns->owner_uid_state = i == 3 ? REL_FAILED : REL_KNOWN;
		ns->owner_uid = i == 1 ? 4711 : 1000;
		ns->owner_name = i == 2 ? "other" : NULL;
	}
	_cleanup_model_ const struct model *model = freeze(builder);
	_cleanup_bytes_ struct bytes text = save(model, &names);
	const char *at = text.bytes;

	for (size_t i = 0; i < ARRAY_SIZE(expected); i++) {
		at = strstr(at, expected[i]);
		assert_non_null(at);
	}
	assert_non_null(strstr(text.bytes, "\"partial\": [], \"complete\": true"));
	names.is_partial = true;
	_cleanup_bytes_ struct bytes partial = save(model, &names);
	assert_non_null(strstr(partial.bytes, "\"partial\": [\"names\"], \"complete\": false"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(nothing_at_all),
	        cmocka_unit_test(flags_come_back),
	        cmocka_unit_test(the_host_comes_back),
	        cmocka_unit_test(hostile_names_come_back),
	        cmocka_unit_test(command_lines_that_were_not_read),
	        cmocka_unit_test(every_byte_comes_back),
	        cmocka_unit_test(processes_come_back),
	        cmocka_unit_test(notes_come_back_in_order),
	        cmocka_unit_test(names_come_from_outside),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
