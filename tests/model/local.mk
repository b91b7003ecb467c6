EXTRA_DIST += tests/model/check_model.h
if HAVE_CMOCKA
model_tests = \
	tests/model/test_builder \
	tests/model/test_container \
	tests/model/test_identity \
	tests/model/test_leader \
	tests/model/test_limits \
	tests/model/test_mounts \
	tests/model/test_net_facts
check_PROGRAMS += $(model_tests)
TESTS += $(model_tests)

tests_model_test_builder_CPPFLAGS = $(TEST_CPPFLAGS)
tests_model_test_builder_LDADD = $(LINK_MODEL) $(CMOCKA_LIBS)
tests_model_test_container_CPPFLAGS = $(TEST_CPPFLAGS)
tests_model_test_container_LDADD = $(LINK_MODEL) $(CMOCKA_LIBS)
tests_model_test_identity_CPPFLAGS = $(TEST_CPPFLAGS)
tests_model_test_identity_LDADD = $(LINK_MODEL) $(CMOCKA_LIBS)
tests_model_test_leader_CPPFLAGS = $(TEST_CPPFLAGS)
tests_model_test_leader_LDADD = $(LINK_MODEL) $(CMOCKA_LIBS)
tests_model_test_limits_CPPFLAGS = $(TEST_CPPFLAGS)
tests_model_test_limits_LDADD = $(LINK_MODEL) $(CMOCKA_LIBS)
tests_model_test_mounts_CPPFLAGS = $(TEST_CPPFLAGS)
tests_model_test_mounts_LDADD = $(LINK_MODEL) $(CMOCKA_LIBS)
tests_model_test_net_facts_CPPFLAGS = $(TEST_CPPFLAGS)
tests_model_test_net_facts_LDADD = $(LINK_MODEL) $(CMOCKA_LIBS)
endif
