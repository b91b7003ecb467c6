# SPDX-License-Identifier: Apache-2.0
# apt with a configuration of its own, for scripts that download packages: nothing of the system
# changes. The directory DIRECTORY has its apt.conf, sources.list, lists and archives.

# apt_configure DIRECTORY [LINE]...: writes apt.conf, with these lines at its end.
apt_configure() {
	mkdir -p "$1"/lists/partial "$1"/archives/partial || return 1
	cat >"$1/apt.conf" <<-END
		Dir::State "$1";
		Dir::State::Lists "$1/lists";
		Dir::State::Status "/dev/null";
		Dir::Etc::SourceList "$1/sources.list";
		Dir::Etc::SourceParts "/dev/null";
		Dir::Etc::Preferences "/dev/null";
		Dir::Etc::PreferencesParts "/dev/null";
		Dir::Cache "$1";
		Dir::Cache::Archives "$1/archives";
		Acquire::Languages "none";
		Acquire::Retries "2";
		APT::Sandbox::User "";
		#clear APT::Update::Pre-Invoke;
		#clear APT::Update::Post-Invoke;
		#clear APT::Update::Post-Invoke-Success;
	END
	printf '%s\n' "${@:2}" >>"$1/apt.conf"
}

# apt_signed_by ID: the option of a line of sources.list that names the keys of this distribution,
# with a blank behind it; nothing if they are not there.
apt_signed_by() {
	local keyring option=''
	for keyring in "/usr/share/keyrings/$1-archive-keyring".{gpg,pgp}; do
		[ ! -e "$keyring" ] || option="[signed-by=$keyring] "
	done
	printf '%s' "$option"
}

# apt_run DIRECTORY COMMAND [ARG]...: a program of apt. Its configuration is read after that of the
# system: a proxy stays in force.
apt_run() {
	timeout -k 5 600 "$2" -c "$1/apt.conf" "${@:3}" </dev/null
}
