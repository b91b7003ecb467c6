# What is shown, in which order and in which words: pure, no terminal, no file.
noinst_LIBRARIES += src/view/libview.a
src_view_libview_a_SOURCES = \
	src/view/audit.c src/view/audit.h \
	src/view/audit_rules.c src/view/audit_rules.h \
	src/view/column.c src/view/column_choice.c src/view/column.h src/view/columns.def \
	src/view/command.c src/view/command.h \
	src/view/facts_store.c src/view/facts_store.h \
	src/view/container_lines.c src/view/container_lines.h \
	src/view/container_texts.c src/view/container_texts.h \
	src/view/corpus.c src/view/corpus.h \
	src/view/filter.c src/view/filter.h \
	src/view/haystack.c src/view/haystack.h \
	src/view/go_to.c src/view/go_to.h \
	src/view/haystack_mounts.c src/view/haystack_mounts.h \
	src/view/hierarchy.c src/view/hierarchy.h \
	src/view/id_map.c src/view/id_map.h \
	src/view/model_texts.c src/view/model_texts.h \
	src/view/names.c src/view/names.h \
	src/view/net_layout.c src/view/net_layout.h \
	src/view/net_plan.c src/view/net_plan.h \
	src/view/node.c src/view/node.h \
	src/view/node_members.c src/view/node_members.h \
	src/view/mount_lines.c src/view/mount_lines.h \
	src/view/mount_peers.c src/view/mount_peers.h \
	src/view/mount_words.c src/view/mount_words.h \
	src/view/needle.c src/view/needle.h \
	src/view/mount_query.c src/view/mount_query.h \
	src/view/net_query.c src/view/net_query.h \
	src/view/nsenter.c src/view/nsenter.h \
	src/view/pair_group.c src/view/pair_group.h \
	src/view/pair_layout.c src/view/pair_layout.h \
	src/view/pair_plan.c src/view/pair_plan.h \
	src/view/pair_words.c src/view/pair_words.h \
	src/view/partial.c src/view/partial.h \
	src/view/pid_query.c src/view/pid_query.h \
	src/view/sentence.c src/view/sentence.h \
	src/view/sharing.c src/view/sharing.h \
	src/view/umount.c src/view/umount.h \
	src/view/view.c src/view/view.h \
	src/view/words.c src/view/words.h src/view/words_holder.c \
	src/view/words_container.c src/view/words_container.h \
	src/view/words_pin.c src/view/words_pin.h \
	src/view/words_sharing.c src/view/words_sharing.h \
	src/view/words_watching.c src/view/words_watching.h

LINK_VIEW = src/view/libview.a $(LINK_MODEL)
