#!/usr/bin/perl
# SPDX-License-Identifier: Apache-2.0
# Holds the namespaces of a snapshot against the truth of a scene ($SCENE_TRUTH, tests/scenes/scene.h):
# compare.pl SNAPSHOT [TYPE]...: the kernel has no namespaces of these types. All others must be there,
# and no more; owners and parents are those of the truth, or null with a state that says why. Prints
# the figures; each difference is a line on standard error and exit 1.
use strict;
use warnings;

my $file = shift @ARGV;
my %lacks = map { $_ => 1 } @ARGV;
my (%planted, %found, $n_wrong);
my %figures = (planted => 0, found => 0, owners => 0, parents => 0, uids => 0);

sub wrong { print STDERR "compare: @_\n"; $n_wrong++ }

open my $truth, '<', $ENV{SCENE_TRUTH} or die "truth: $!";
while (<$truth>) {
	my ($type, $inode, $holder, undef, $parent, $owner) = split /[\t\n]/;
	next if !defined $owner or $inode !~ /^\d+$/ or $lacks{$type} or $holder =~ /^(?:flight|unborn)$/;
	$planted{"$type $inode"} = {parent => $parent, owner => $owner};
}

# Compares a number of the snapshot with its state and with the truth.
sub relation {
	my ($ns, $what, $line, $true) = @_;
	my ($number, $state) = $line =~ /"$what": (null|\d+), "${what}_state": "(\w+)"/
		or return wrong("$ns: no $what");
	return wrong("$ns: $what $number is $state") if ($number ne 'null') != ($state eq 'known');
	return if $number eq 'null';
	$figures{"${what}s"}++;
	wrong("$ns: $what $number, not $true") if $true ne '-' and $number != $true;
}

open my $snapshot, '<', $file or die "$file: $!";
while (<$snapshot>) {
	my ($type, $inode) = /^\s*\{"type": "(\w+)", "inode": (\d+), / or next;
	my $ns = "$type $inode";
	$found{$ns} = 1;
	next if $lacks{$type}; # only a descriptor or a mount shows it
	my $true = $planted{$ns} // do { wrong("$ns: not planted"); next };
	$figures{found}++;
	relation($ns, 'parent', $_, $true->{parent});
	relation($ns, 'owner', $_, $true->{owner});
	my ($uid, $state) = /"owner_uid": (null|\d+), .*"owner_uid_state": "(\w+)"/
		or wrong("$ns: no owner_uid");
	wrong("$ns: owner_uid $uid is $state") if ($uid ne 'null') != ($state =~ /^(?:known|ambiguous)$/);
	$figures{uids}++ if $uid ne 'null';
}
$figures{planted} = keys %planted;
for (sort keys %planted) {
	wrong("$_: not found") if !$found{$_};
}
print "found/planted $figures{found}/$figures{planted}, $figures{owners} owners, $figures{parents} parents, ",
	"$figures{uids} owner UIDs\n";
exit($n_wrong ? 1 : 0);
