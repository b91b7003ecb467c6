/* SPDX-License-Identifier: Apache-2.0 */
/* A model that is written and read again is written as the same bytes: namespaces, what holds them,
 * and pins. */
#include "tests/snapshot/parts.h"

#include <limits.h>

static struct builder *every_state(void)
{
	struct builder *builder = builder_new();
	struct ns *root = add_ns(builder, NS_USER, USER);

	root->parent.state = REL_INITIAL;
	for (enum rel_state state = REL_KNOWN; state <= REL_FAILED; state++) {
		struct ns *ns = add_ns(builder, NS_USER, USER + 1 + state);
		struct ns *flat = add_ns(builder, NS_NET, NET + state);

		ns->parent.state = ns->owner.state = flat->owner.state = state;
		ns->owner_uid_state = ns->maps_state = state;
		if (state == REL_KNOWN) {
			ns->parent.ns = ns->owner.ns = flat->owner.ns = root;
			ns->owner_uid = UINT32_MAX;
		}
	}
	return builder;
}

static void every_state_comes_back(void **state _unused_)
{
	_cleanup_model_ const struct model *model = freeze(every_state());
	_cleanup_bytes_ struct bytes text = save(model, NULL);
	_cleanup_model_ const struct model *again = load(text.bytes, text.len);

	assert_round_trip(model);
	for (enum rel_state s = REL_KNOWN; s <= REL_FAILED; s++) {
		const struct ns *ns = model_find(again, NS_USER, (uint64_t)USER + 1 + s);

		assert_non_null(ns);
		assert_int_equal(ns->parent.state, s);
		assert_int_equal(ns->owner_uid_state, s);
		assert_int_equal(ns->maps_state, s);
		assert_int_equal(model_find(again, NS_NET, (uint64_t)NET + s)->owner.state, s);
	}
	assert_int_equal(model_find(again, NS_USER, USER + 1)->owner_uid, UINT32_MAX);
}

/* Only the overflow UID has them. */
static void uids_that_are_not_mapped_come_back(void **state _unused_)
{
	struct builder *builder = builder_new();
	struct ns *unmapped = add_ns(builder, NS_USER, USER);
	struct ns *ambiguous = add_ns(builder, NS_USER, USER + 1);

	unmapped->owner_uid_state = REL_UNMAPPED;
	ambiguous->owner_uid_state = REL_AMBIGUOUS;
	ambiguous->owner_uid = 65534;
	add_process(builder, 8, "a")->uid_state = REL_UNMAPPED;
	struct process *process = add_process(builder, 9, "b");
	process->uid_state = REL_AMBIGUOUS;
	process->uid = 65534;
	_cleanup_model_ const struct model *model = freeze(builder);
	_cleanup_bytes_ struct bytes text = save(model, NULL);
	_cleanup_model_ const struct model *again = load(text.bytes, text.len);

	assert_round_trip(model);
	assert_non_null(strstr(text.bytes, "\"owner_uid\": null, \"owner_name\": null, "
	                                   "\"owner_uid_state\": \"unmapped\""));
	assert_non_null(strstr(text.bytes, "\"owner_uid\": 65534, \"owner_name\": null, "
	                                   "\"owner_uid_state\": \"ambiguous\""));
	assert_non_null(strstr(text.bytes, "\"uid\": null, \"uid_state\": \"unmapped\", "));
	assert_non_null(strstr(text.bytes, "\"uid\": 65534, \"uid_state\": \"ambiguous\", "));
	assert_int_equal(again->namespaces[0]->owner_uid_state, REL_UNMAPPED);
	assert_int_equal(again->namespaces[1]->owner_uid_state, REL_AMBIGUOUS);
	assert_int_equal(again->namespaces[1]->owner_uid, 65534);
	assert_int_equal(again->processes[0]->uid_state, REL_UNMAPPED);
	assert_int_equal(again->processes[1]->uid_state, REL_AMBIGUOUS);
	assert_int_equal(again->processes[1]->uid, 65534);
}

/* Programs that do not have the key ignore it. */
static void listed_comes_back(void **state _unused_)
{
	struct builder *builder = builder_new();

	for (uint64_t i = 0; i < 3; i++)
		add_ns(builder, NS_NET, 3000 + i)->is_listed_only = i > 0;
	builder_hold(builder, builder_find_ns(builder, NS_NET, 4, 3002),
	        &(struct holder){.kind = HOLDER_FD, .pid = 12});
	builder_note(builder, 0, NOTE_LISTNS "1 more", 0);
	_cleanup_model_ const struct model *model = freeze(builder);
	_cleanup_bytes_ struct bytes text = save(model, NULL);
	_cleanup_model_ const struct model *again = load(text.bytes, text.len);
	const char *const listed = strstr(text.bytes, ", \"listed\": true, \"held_by\": []");

	assert_round_trip(model);
	assert_non_null(listed);
	assert_null(strstr(listed + strlen(", \"listed"), "\"listed\""));
	for (uint64_t i = 0; i < 3; i++)
		assert_int_equal(model_find(again, NS_NET, 3000 + i)->is_listed_only, i == 1);
	assert_true(model_is_remark(&again->notes[0]));
}

static void every_holder_comes_back(void **state _unused_)
{
	struct builder *builder = every_state();
	const struct ns *ns = builder_find_ns(builder, NS_USER, 4, USER);
	const struct holder holders[] = {
	        {.kind = HOLDER_FD, .pid = 12, .fd = 0},
	        {.kind = HOLDER_FD, .pid = 14, .tid = 15, .fd = 3},
	        {.kind = HOLDER_FD, .pid = INT_MAX, .fd = INT_MAX},
	        {.kind = HOLDER_MOUNT, .path = "/run/netns/a\xff", .mnt = 4026531832},
	        {.kind = HOLDER_MOUNT, .path = "/run/netns/b"},
	        {.kind = HOLDER_THREAD, .pid = 12, .tid = 13},
	        {.kind = HOLDER_SOCKET, .pid = 12, .fd = 9},
	        {.kind = HOLDER_SOCKET, .pid = 12, .tid = 13, .fd = 10},
	        {.kind = HOLDER_FOR_CHILDREN, .pid = 12, .tid = 12},
	};

	for (size_t i = 0; i < ARRAY_SIZE(holders); i++)
		builder_hold(builder, ns, &holders[i]);
	_cleanup_model_ const struct model *model = freeze(builder);
	_cleanup_bytes_ struct bytes text = save(model, NULL);
	_cleanup_model_ const struct model *again = load(text.bytes, text.len);

	assert_round_trip(model);
	ns = model_find(again, NS_USER, USER);
	assert_int_equal(ns->n_holders, ARRAY_SIZE(holders) + 2);
	for (size_t i = 0; i < ARRAY_SIZE(holders); i++) {
		assert_int_equal(ns->holders[i].kind, holders[i].kind);
		assert_int_equal(ns->holders[i].pid, holders[i].pid);
		assert_int_equal(ns->holders[i].tid, holders[i].tid);
		assert_int_equal(ns->holders[i].fd, holders[i].fd);
		assert_int_equal(ns->holders[i].mnt, holders[i].mnt);
		if (holders[i].path)
			assert_string_equal(ns->holders[i].path, holders[i].path);
	}
}

static void maps_come_back(void **state _unused_)
{
	static const struct id_range ranges[] = {{0, 1000, 1}, {1, 100000, UINT32_MAX}};
	static const enum setgroups kinds[] = {SETGROUPS_UNKNOWN, SETGROUPS_ALLOW, SETGROUPS_DENY};
	struct builder *builder = builder_new();

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		struct ns *ns = add_ns(builder, NS_USER, USER + i);

		ns->maps_state = REL_KNOWN;
		ns->uid_map = (struct id_map){ranges, i};
		ns->gid_map = (struct id_map){ranges, 2 - i};
		ns->setgroups = kinds[i];
	}
	_cleanup_model_ const struct model *model = freeze(builder);
	_cleanup_bytes_ struct bytes text = save(model, NULL);
	_cleanup_model_ const struct model *again = load(text.bytes, text.len);

	assert_round_trip(model);
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		const struct ns *ns = model_find(again, NS_USER, USER + i);

		assert_int_equal(ns->uid_map.n, i);
		assert_int_equal(ns->gid_map.n, 2 - i);
		if (i)
			assert_memory_equal(ns->uid_map.ranges, ranges, i * sizeof(*ranges));
		assert_int_equal(ns->setgroups, kinds[i]);
	}
}

/* The keys and their order are part of the format. */
static void keys_are_those_of_the_contract(void **state _unused_)
{
	struct builder *builder = every_state();
	struct ns *user = builder_find_ns(builder, NS_USER, 4, USER);
	struct process *process = add_process(builder, 7, "sh");

	user->id = 12;
	process->cgroup = "/x";
	process->ns[NS_USER] = user;
	process->started = 91522;
	process->state = 'S';
	_cleanup_model_ const struct model *model = freeze(builder);
	_cleanup_bytes_ struct bytes text = save(model, NULL);

	assert_non_null(strstr(text.bytes,
	        "    {\"type\": \"user\", \"inode\": 1000, \"dev\": 4, \"id\": 12, "
	        "\"parent\": null, \"parent_state\": \"initial\", "
	        "\"owner\": null, \"owner_state\": \"hidden\", "
	        "\"owner_uid\": null, \"owner_name\": null, \"owner_uid_state\": \"failed\", "
	        "\"leader\": 7, \"processes\": 1, \"held_by\": ["
	        "{\"by\": \"child\", \"inode\": 1001}, "
	        "{\"by\": \"owns\", \"type\": \"net\", \"inode\": 3000}], "
	        "\"uid_map\": null, \"gid_map\": null, \"setgroups\": null, "
	        "\"maps_state\": \"failed\"}"));
	assert_non_null(strstr(text.bytes,
	        "    {\"pid\": 7, \"ppid\": 0, \"started\": 91522, \"uid\": null, "
	        "\"uid_state\": \"failed\", "
	        "\"state\": \"S\", \"kernel\": false, \"comm\": \"sh\", \"name\": \"sh\", "
	        "\"nspid\": [7, 1], \"cgroup\": \"/x\", \"namespaces\": {"
	        "\"cgroup\": null, \"ipc\": null, \"mnt\": null, \"net\": null, "
	        "\"pid\": null, \"time\": null, \"user\": 1000, \"uts\": null}}"));
}

/* Sorted by the mount namespace; a state and a holder of a later program are read. */
static void pins_come_back(void **state _unused_)
{
	static const char pins[] =
	        "\n  \"pins\": [\n"
	        "    {\"type\": \"pid\", \"by\": \"proc mount\", \"path\": {\"base64\": \"L/8=\"}, "
	        "\"mnt\": 7, \"dev\": \"0:43\", \"state\": \"no process\", \"mounts\": 1},\n"
	        "    {\"type\": \"pid\", \"by\": \"proc mount\", \"path\": \"/a b\", "
	        "\"mnt\": 9, \"dev\": \"4294967295:1\", \"state\": \"slow\", \"mounts\": 4}\n"
	        "  ]}";
	static const char later[] =
	        "{\"format\": \"nsbrowse-snapshot\", \"version\": 1, \"program\": null,"
	        "\"host\": {\"name\": null, \"kernel\": null, \"boot_id\": null, "
	        "\"taken\": null, \"hertz\": null, \"booted\": null, \"euid\": 0, "
	        "\"sources\": [], \"unreadable\": 0, \"complete\": true},"
	        "\"namespaces\": [], \"processes\": [], \"notes\": [], \"pins\": ["
	        "{\"type\": \"ipc\", \"by\": \"queue\", \"path\": \"/q\", \"mnt\": 3, "
	        "\"dev\": \"0:5\", \"state\": \"asleep\", \"mounts\": 1}]}";
	struct builder *const builder = builder_new();

	builder_pin(builder, &(struct ns_pin){.type = NS_PID,
	                             .state = PIN_SLOW,
	                             .by = PIN_BY_PROC_MOUNT,
	                             .path = "/a b",
	                             .mnt = 9,
	                             .major = UINT_MAX,
	                             .minor = 1,
	                             .n_mounts = 4});
	builder_pin(builder, &(struct ns_pin){.type = NS_PID,
	                             .by = PIN_BY_PROC_MOUNT,
	                             .path = "/\xff",
	                             .mnt = 7,
	                             .minor = 43,
	                             .n_mounts = 1});
	_cleanup_model_ const struct model *model = freeze(builder);
	_cleanup_bytes_ struct bytes text = save(model, NULL);
	assert_non_null(strstr(text.bytes, pins));
	assert_round_trip(model);

	_cleanup_model_ const struct model *read = load(later, sizeof(later) - 1);
	assert_int_equal(read->n_pins, 1);
	assert_int_equal(read->pins[0].type, NS_IPC);
	assert_string_equal(read->pins[0].by, "queue");
	assert_int_equal(read->pins[0].state, PIN_COVERED);
	assert_false(pin_is_leaked(&read->pins[0]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(every_state_comes_back),
	        cmocka_unit_test(uids_that_are_not_mapped_come_back),
	        cmocka_unit_test(listed_comes_back),
	        cmocka_unit_test(every_holder_comes_back),
	        cmocka_unit_test(maps_come_back),
	        cmocka_unit_test(pins_come_back),
	        cmocka_unit_test(keys_are_those_of_the_contract),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
