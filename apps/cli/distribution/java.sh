# shellcheck shell=bash
# Finds a Java 25 or newer: JAVA_HOME, the PATH, the usual install folders. Leaves its folder in java_home.

# The major version of a Java home: from the file that says so, or, where there is none, by asking, which takes a JVM start.
is_new_enough() {
  local release="" version=""
  [ -x "$1/bin/java" ] || return 1
  [ ! -r "$1/release" ] || release=$(<"$1/release")
  if [[ $release =~ JAVA_VERSION=\"([0-9]+) ]]; then
    version=${BASH_REMATCH[1]}
  else
    version=$("$1/bin/java" -version 2>&1 | sed -n '1s/.*version "\([0-9]*\).*/\1/p')
  fi
  [ "${version:-0}" -ge 25 ]
}

java_home=""
find_java() {
  local candidate java
  java=$(command -v java || true)
  for candidate in "${JAVA_HOME:-}" ${java:+"$(dirname "$(dirname "$(readlink -f "$java")")")"} \
    /usr/lib/jvm/* /opt/java/* /opt/jdk* "$HOME"/.sdkman/candidates/java/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if [ -n "$candidate" ] && is_new_enough "$candidate"; then
      java_home=$candidate
      return
    fi
  done
  echo "milena: no Java 25 or newer found in JAVA_HOME, on the PATH or in the usual folders; install a JDK 25, for example Eclipse Temurin" >&2
  exit 1
}
