#!/usr/bin/env bash
# kafka-run-class.sh CLASS ARGUMENTS...: runs one of Apache Kafka's own tools, which are fetched from Maven Central on first use.
# Environment: JAVA_HOME; KAFKA_HEAP_OPTS (-Xmx256M), KAFKA_OPTS, KAFKA_LOG4J_OPTS as with Apache Kafka;
#   MILENA_CACHE             where the fetched jars are kept (~/.cache/milena)
#   MILENA_MAVEN_REPOSITORY  another repository than the mirror in ~/.m2/settings.xml or Maven Central
set -euo pipefail

script=$(readlink -f "${BASH_SOURCE[0]}")
home=${script%/bin/*}
# shellcheck source=../java.sh
. "$home/lib/java.sh"
find_java

list=$home/lib/kafka/jars.txt
cache=${MILENA_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/milena}/kafka-tools
if ! cmp -s "$list" "$cache/jars.txt"; then
  "$java_home/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Djava.net.useSystemProxies=true -cp "$home/lib/*" io.milena.cli.kafka.ToolJars "$list" "$cache"
fi

# Nothing of an older list: only what this one names.
class_path=""
while read -r _ path; do
  case $path in *.jar) class_path+=${class_path:+:}$cache/${path##*/} ;; esac
done <"$list"
# A tool that is over in a second does not earn a second compiler; one that measures does, and a larger heap.
heap=-Xmx256M compiler=-XX:TieredStopAtLevel=1
case ${1:-} in *Performance | *Latency) heap=-Xmx512M compiler=-server ;; esac
# shellcheck disable=SC2086 # the options are lists of words
exec "$java_home/bin/java" ${KAFKA_HEAP_OPTS:-$heap} -XX:+UseSerialGC $compiler --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
  ${KAFKA_LOG4J_OPTS:--Dlog4j2.configurationFile=$home/lib/kafka/log4j2.xml} ${KAFKA_OPTS:-} -cp "$class_path" "$@"
