# The model of one host at one time: namespaces, processes, relations. No system call, no /proc.
noinst_LIBRARIES += src/model/libmodel.a
src_model_libmodel_a_SOURCES = \
	src/model/builder.c src/model/builder.h \
	src/model/container.c src/model/container.h src/model/containers.def \
	src/model/container_list.c src/model/container_list.h \
	src/model/identity.c src/model/identity.h \
	src/model/leader.c src/model/leader.h \
	src/model/limits.c src/model/limits.h \
	src/model/model.c src/model/model.h src/model/partial.def src/model/sources.def \
	src/model/mounts.c src/model/mounts.h \
	src/model/net_facts.c src/model/net_facts.h \
	src/model/pin.c src/model/pin.h \
	src/model/posture.h \
	src/model/ns_facts.c src/model/ns_facts.h \
	src/model/nstype.c src/model/nstype.h \
	src/model/same.c src/model/same.h \
	src/model/watching.h

LINK_MODEL = src/model/libmodel.a $(LINK_NSREL) $(LINK_BASE)
