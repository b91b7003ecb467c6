/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/scan/picture.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

static void write_ns(FILE *out, const struct ns *ns)
{
	if (ns)
		fprintf(out, " %s:[%llu]", nstype_name(ns->type), (unsigned long long)ns->inode);
	else
		fputs(" -", out);
}

static void write_relation(FILE *out, const char *name, const struct relation *relation)
{
	fprintf(out, " %s=%s", name, model_rel_state_name(relation->state));
	write_ns(out, relation->ns);
}

static void write_map(FILE *out, const char *name, const struct id_map *map)
{
	fprintf(out, " %s", name);
	for (size_t i = 0; i < map->n; i++)
		fprintf(out, " %u:%u:%u", map->ranges[i].inside, map->ranges[i].outside,
		        map->ranges[i].count);
}

static void write_known(FILE *out, const struct ns *ns, const struct ns *known)
{
	if (!known || known->owner.state != REL_FAILED) {
		fprintf(out, " id=%llu", (unsigned long long)ns->id);
		write_relation(out, "parent", &ns->parent);
		write_relation(out, "owner", &ns->owner);
		fprintf(out, " uid=%d,%u", ns->owner_uid_state, ns->owner_uid);
	}
	if (!known || known->n_processes > 0)
		fprintf(out, " since=%llu", (unsigned long long)ns->since);
	if (known && known->maps_state == REL_FAILED)
		return;
	fprintf(out, " maps=%d setgroups=%d", ns->maps_state, ns->setgroups);
	write_map(out, "uid_map", &ns->uid_map);
	write_map(out, "gid_map", &ns->gid_map);
}

static bool has_failed(const struct model *model)
{
	for (size_t i = 0; i < model->n_namespaces; i++) {
		if (model->namespaces[i]->owner.state == REL_FAILED)
			return true;
	}
	return false;
}

static void write_namespace(FILE *out, const struct ns *ns, const struct model *known)
{
	/* Found by a relation that a scan from nothing cannot read. */
	if (known && ns->n_processes == 0 && has_failed(known) &&
	        !model_find(known, ns->type, ns->inode))
		return;
	fputs("namespace", out);
	write_ns(out, ns);
	fprintf(out, " leader=%d n=%zu", ns->leader ? ns->leader->pid : 0, ns->n_processes);
	write_known(out, ns, known ? model_find(known, ns->type, ns->inode) : NULL);
	fputc('\n', out);
	for (size_t i = 0; i < ns->n_holders; i++) {
		const struct holder *const holder = &ns->holders[i];

		if (holder->ns && known && has_failed(known))
			continue;
		fputs(" holder", out);
		write_ns(out, ns);
		fprintf(out, " kind=%d pid=%d tid=%d fd=%d mnt=%llu path=%s", holder->kind,
		        holder->pid, holder->tid, holder->fd, (unsigned long long)holder->mnt,
		        holder->path ? holder->path : "-");
		write_ns(out, holder->ns);
		fputc('\n', out);
	}
}

static char state_of(const struct process *process)
{
	return process->state && strchr("RSDI", process->state) ? 'S' : process->state;
}

static const char *text_of(const char *text)
{
	return text ? text : "-";
}

static void write_container(FILE *out, const struct container *container)
{
	fprintf(out, " %s:%s", container ? container->kind_name : "-",
	        container ? container->id : "-");
}

static void write_process(FILE *out, const struct process *process)
{
	fprintf(out, "process %d ppid=%d started=%llu uid=%d,%u kernel=%d live=%d unborn=%d %c",
	        process->pid, process->ppid, (unsigned long long)process->started,
	        process->uid_state, process->uid, process->is_kernel, process->live_thread,
	        process->is_unborn, state_of(process) ? state_of(process) : '?');
	fprintf(out, " comm=%s name=%s cgroup=%s error=%d cut=%d posture=%d nspid", process->comm,
	        process->name, text_of(process->cgroup), process->cmdline_error,
	        process->is_cmdline_cut, process->posture != NULL);
	for (size_t i = 0; i < process->n_nspid; i++)
		fprintf(out, " %d", process->nspid[i]);
	for (size_t i = 0; process->cmdline && process->cmdline[i]; i++)
		fprintf(out, " [%s]", process->cmdline[i]);
	for (enum nstype type = 0; type < NS_TYPES; type++)
		write_ns(out, process->ns[type]);
	write_container(out, process->container);
	write_container(out, process->claim);
	write_container(out, process->label);
	fprintf(out, " %d\n", process->container_state);
}

static void write_containers(FILE *out, const struct model *model)
{
	for (size_t i = 0; i < model->n_containers; i++) {
		const struct container *const container = model->containers[i];

		fputs("container", out);
		write_container(out, container);
		fprintf(out, " trust=%d,%u name=%s image=%s pod=%s source=%s error=%d leader=%d\n",
		        container->trust, container->trust_uid, text_of(container->name),
		        text_of(container->image), text_of(container->pod),
		        text_of(container->source), container->name_error,
		        container->leader ? container->leader->pid : 0);
	}
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void write_notes(FILE *out, const struct model *model)
{
	char **const lines = memory_new((model->n_notes + 1) * sizeof(char *));

	for (size_t i = 0; i < model->n_notes; i++) {
		const struct note *const note = &model->notes[i];

		lines[i] = memory_printf("note %d %s %d", note->pid, note->what, note->error);
	}
	if (model->n_notes > 0)
		qsort(lines, model->n_notes, sizeof(char *), by_text);
	for (size_t i = 0; i < model->n_notes; i++) {
		fprintf(out, "%s\n", lines[i]);
		free(lines[i]);
	}
	free(lines);
}

char *picture_of(const struct model *model, const struct model *known)
{
	char *text = NULL;
	size_t len;
	FILE *const out = open_memstream(&text, &len);

	if (!out)
		abort();
	fprintf(out, "host %s %s sources=%x unreadable=%zu partial=%x euid=%d,%u\n",
	        model->host.name, model->host.boot_id, model->host.sources, model->host.unreadable,
	        known ? 0 : model->host.partial, model->host.euid_state, model->host.euid);
	for (size_t i = 0; i < model->n_processes; i++)
		write_process(out, model->processes[i]);
	for (size_t i = 0; i < model->n_namespaces; i++)
		write_namespace(out, model->namespaces[i], known);
	write_containers(out, model);
	if (!known)
		write_notes(out, model);
	fclose(out);
	return text;
}

static size_t line_length(const char *line)
{
	return strcspn(line, "\n");
}

char *picture_difference(const char *expected, const char *got)
{
	while (*expected && *got) {
		const size_t a = line_length(expected), b = line_length(got);

		if (a != b || memcmp(expected, got, a) != 0)
			break;
		expected += a + (expected[a] != '\0');
		got += b + (got[b] != '\0');
	}
	if (!*expected && !*got)
		return NULL;
	return memory_printf("expected %.*s\n     got %.*s", (int)line_length(expected), expected,
	        (int)line_length(got), got);
}
