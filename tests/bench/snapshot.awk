# SPDX-License-Identifier: Apache-2.0
# Writes a snapshot of a host with containers, the same bytes each time: `sets` of namespaces of
# seven types below those of the host, the user and PID namespaces several levels deep, each set
# with `crowd` processes. nsbrowse-snapshot(5) has the format.
#
# usage: awk -v sets=NUMBER -v crowd=NUMBER -f snapshot.awk

# The inode of a namespace; set 0 is the host. A text: some awks write large numbers otherwise.
function inode(set, type) {
	return sprintf("%.0f", (set ? 4026540000 + 10 * set : 4026531830) + type)
}

# The set in which that set is nested.
function outer(set) {
	return int(set / 10)
}

function separator() {
	if (n++)
		print ","
}

function relation(key, number) {
	return sprintf("\"%s\": %s, \"%s_state\": \"%s\"", key, number ? number : "null", key, \
		number ? "known" : "initial")
}

function namespace(set, type, above, user, maps) {
	separator()
	above = types[type] != "user" && types[type] != "pid" ? \
		"\"parent\": null, \"parent_state\": \"none\"" : \
		relation("parent", set ? inode(outer(set), type) : 0)
	user = types[type] != "user" ? inode(set, USER) : set ? inode(outer(set), USER) : 0
	printf "{\"type\": \"%s\", \"inode\": %s, \"dev\": 4, \"id\": %d, %s, %s, ", types[type], \
		inode(set, type), 10 * set + type, above, relation("owner", user)
	if (types[type] != "user") {
		printf "\"owner_uid\": null, \"owner_name\": null, \"owner_uid_state\": \"none\""
	} else {
		maps = sprintf("[[0, %d, 65536]]", 65536 * set)
		printf "\"owner_uid\": %d, \"owner_name\": null, \"owner_uid_state\": \"known\", ", \
			set ? 1000 + set % 7 : 0
		printf "\"uid_map\": %s, \"gid_map\": %s, \"setgroups\": \"allow\", ", maps, maps
		printf "\"maps_state\": \"known\""
	}
	printf ", \"held_by\": [%s]}", types[type] == "net" && set % 3 == 0 ? \
		sprintf("{\"by\": \"mount\", \"path\": \"/run/netns/cni-%d\", \"mnt\": 77}", set) : ""
}

function nspid(set, pid, number, levels) {
	levels = pid
	for (; set; set = outer(set))
		levels = levels ", " number + 1
	return levels
}

function process(set, number, pid, first, name, type) {
	separator()
	first = 1 + set * crowd
	pid = first + number
	name = number ? (pid % 3 ? "nginx" : "postgres") : "init"
	printf "{\"pid\": %d, \"ppid\": %d, \"started\": %d, \"uid\": %d, ", pid, \
		number ? first : set ? 1 : 0, 100 + pid, 1000 + set % 7
	printf "\"state\": \"S\", \"kernel\": false, \"comm\": \"%s\", \"name\": \"%s\", ", name, name
	printf "\"nspid\": [%s], ", nspid(set, pid, number)
	printf "\"cgroup\": \"/system.slice/docker-%064d.scope\", ", set
	printf "\"cmdline\": [\"/usr/sbin/%s\", \"-c\", \"/etc/%s/%d.conf\"], \"namespaces\": {", name, \
		name, pid
	for (type = 1; type in types; type++)
		printf "%s\"%s\": %s", (type > 1 ? ", " : ""), types[type], inode(set, type)
	printf "}}"
}

BEGIN {
	split("user pid mnt net uts ipc cgroup", types)
	USER = 1
	print "{\"format\": \"nsbrowse-snapshot\", \"version\": 1, \"program\": \"bench\","
	print "\"host\": {\"name\": \"bench\", \"kernel\": \"6.18.0\", \"boot_id\": \"bench\","
	print "\"taken\": \"2026-01-01T00:00:00Z\", \"hertz\": 100, \"booted\": \"2025-12-31T00:00:00Z\","
	print "\"euid\": 0, \"sources\": [\"process\", \"thread\", \"fd\", \"mount\"], \"unreadable\": 0,"
	print "\"partial\": [], \"complete\": true},"
	print "\"namespaces\": ["
	for (set = 0; set <= sets; set++)
		for (type = 1; type in types; type++)
			namespace(set, type)
	print "],\n\"processes\": ["
	n = 0
	for (set = 0; set <= sets; set++)
		for (number = 0; number < crowd; number++)
			process(set, number)
	print "],\n\"notes\": []}"
}
