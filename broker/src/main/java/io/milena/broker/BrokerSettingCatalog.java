package io.milena.broker;

import io.milena.metadata.SettingCatalog;
import io.milena.metadata.SettingDefinition;
import io.milena.metadata.TopicSettingCatalog;
import java.util.Set;

/** The broker's settings: its own, and the defaults of the topic settings under their broker names. All are read at the start. */
final class BrokerSettingCatalog {
    private static final int INT_MAX = Integer.MAX_VALUE;
    private static final String ONE_BROKER = " A broker that is alone holds one copy, whatever is asked.";

    static final SettingCatalog CATALOG = withTopicDefaults(GroupSettingCatalog.added(
                    TlsSettingCatalog.added(ClusterSettingCatalog.added(SettingCatalog.create())))
            .string(
                    "listeners",
                    "PLAINTEXT://localhost:9092",
                    Set.of(),
                    null,
                    "Where clients and the other brokers connect: PLAINTEXT://host:port or SSL://host:port; port 0 chooses a"
                            + " free one. There is one; listener.security.protocol.map allows other names for it.")
            .string(
                    "advertised.listeners",
                    null,
                    Set.of(),
                    null,
                    "The address that clients are told, if it differs from listeners.")
            .string(
                    "log.dirs",
                    "data",
                    Set.of(),
                    null,
                    "The folders that hold the data, separated by commas: best one on each disk. A new partition goes"
                            + " to the one that has the fewest.")
            .string("log.dir", null, Set.of(), null, "The same as log.dirs, which goes before it.")
            .string(
                    "metadata.log.dir",
                    null,
                    Set.of(),
                    null,
                    "The folder that holds the metadata log; if it is not set, the first of log.dirs.")
            .integer("node.id", "1", 0, INT_MAX, null, "The number of this broker.")
            .list(
                    "process.roles",
                    "broker,controller",
                    Set.of("broker", "controller"),
                    null,
                    "What a node of a cluster is: broker, controller, or both. A controller is a voter of the"
                            + " metadata, or becomes one; a broker that is none follows them.")
            .longInteger(
                    "replica.alter.log.dirs.io.max.bytes.per.second",
                    "9223372036854775807",
                    1,
                    null,
                    "Bytes that are copied in a second when partitions move to another folder. Can be changed while the"
                            + " broker runs, for one or for all.")
            .integer(
                    "num.replica.alter.log.dirs.threads",
                    null,
                    1,
                    1000,
                    null,
                    "How many partitions move to another folder at a time; if it is not set, as many as there are"
                            + " folders in log.dirs.")
            .integer(
                    "producer.id.expiration.ms",
                    "86400000",
                    1,
                    Integer.MAX_VALUE,
                    null,
                    "After how long without a batch a log forgets an idempotent producer, in ms; looked after every"
                            + " log.retention.check.interval.ms. A producer with an open transaction is never forgotten.")
            .longInteger(
                    "log.flush.scheduler.interval.ms",
                    "1000",
                    1,
                    null,
                    "After how long records are forced to disk for which nobody waits, in ms. acks=all and waiting"
                            + " consumers do not wait for it.")
            .longInteger(
                    "log.flush.offset.checkpoint.interval.ms",
                    "60000",
                    1,
                    null,
                    "How often it is written down how far logs are on disk, in ms: a start after a crash reads what"
                            + " came after.")
            .bool(
                    "auto.create.topics.enable",
                    "true",
                    null,
                    "Whether a topic is created when a client first asks for it.")
            .bool("delete.topic.enable", "true", null, "Whether topics may be deleted.")
            .integer("num.partitions", "1", 1, 100_000, null, "Partitions of a topic that is created without a number.")
            .integer(
                    "default.replication.factor",
                    "1",
                    1,
                    32767,
                    null,
                    "Copies of a topic that is created without a number." + ONE_BROKER)
            .integer(
                    "socket.request.max.bytes",
                    "104857600",
                    1,
                    INT_MAX,
                    null,
                    "The largest request, in bytes; a client that sends more is disconnected.")
            .longInteger(
                    "queued.max.request.bytes",
                    "268435456",
                    1,
                    null,
                    "Bytes of all requests that are being read or handled; beyond it, reading waits.")
            .integer(
                    "max.connections",
                    "10000",
                    1,
                    INT_MAX,
                    null,
                    "Connections at the same time; more are closed at once.")
            .integer(
                    "max.connections.per.ip",
                    "2147483647",
                    1,
                    INT_MAX,
                    null,
                    "Connections from one address at the same time; more are closed at once.")
            .integer(
                    "socket.send.buffer.bytes",
                    "-1",
                    -1,
                    INT_MAX,
                    null,
                    "The send buffer of a connection, in bytes; -1 leaves it to the operating system.")
            .integer(
                    "socket.receive.buffer.bytes",
                    "-1",
                    -1,
                    INT_MAX,
                    null,
                    "The receive buffer of a connection, in bytes; -1 leaves it to the operating system.")
            .integer("socket.listen.backlog.size", "512", 1, INT_MAX, null, "Connections that may wait to be accepted.")
            .longInteger(
                    "connections.max.idle.ms",
                    "600000",
                    1,
                    null,
                    "After how long without a request a connection is closed, in ms.")
            .integer("fetch.max.bytes", "57671680", 1024, INT_MAX, null, "Bytes of records in one fetch response.")
            .integer(
                    "max.incremental.fetch.session.cache.slots",
                    "1000",
                    0,
                    INT_MAX,
                    null,
                    "Incremental fetch sessions that are remembered.")
            .integer(
                    "group.min.session.timeout.ms",
                    "6000",
                    1,
                    INT_MAX,
                    null,
                    "The shortest session time-out of a group member, in ms.")
            .integer(
                    "group.max.session.timeout.ms",
                    "1800000",
                    1,
                    INT_MAX,
                    null,
                    "The longest session time-out of a group member, in ms.")
            .integer(
                    "group.initial.rebalance.delay.ms",
                    "3000",
                    0,
                    INT_MAX,
                    null,
                    "How long a new group waits for more members, in ms.")
            .integer("group.max.size", "2147483647", 1, INT_MAX, null, "Members of one group.")
            .integer(
                    "offset.metadata.max.bytes",
                    "4096",
                    0,
                    INT_MAX,
                    null,
                    "The longest text that may be committed with an offset.")
            .integer(
                    "offsets.retention.minutes",
                    "10080",
                    1,
                    INT_MAX,
                    null,
                    "How long the offsets of an empty group are kept, in minutes.")
            .longInteger(
                    "offsets.retention.check.interval.ms",
                    "600000",
                    1,
                    null,
                    "How often expired offsets are looked for, in ms.")
            .integer(
                    "offsets.topic.num.partitions",
                    "50",
                    1,
                    100_000,
                    null,
                    "Partitions of __consumer_offsets, when it is created.")
            .integer(
                    "offsets.topic.replication.factor",
                    "1",
                    1,
                    32767,
                    null,
                    "Copies of __consumer_offsets, when it is created; as many as default.replication.factor at least."
                            + ONE_BROKER)
            .integer(
                    "transaction.state.log.replication.factor",
                    "1",
                    1,
                    32767,
                    null,
                    "Copies of __transaction_state, when it is created; as many as default.replication.factor at least."
                            + ONE_BROKER)
            .integer(
                    "transaction.state.log.num.partitions",
                    "50",
                    1,
                    100_000,
                    null,
                    "Partitions of __transaction_state, when it is created.")
            .integer(
                    "transaction.state.log.segment.bytes",
                    "104857600",
                    1024 * 1024,
                    INT_MAX,
                    null,
                    "segment.bytes of __transaction_state, when it is created.")
            .integer(
                    "transaction.max.timeout.ms",
                    "900000",
                    1,
                    INT_MAX,
                    null,
                    "The longest time-out that a transactional producer may ask for, in ms.")
            .integer(
                    "transactional.id.expiration.ms",
                    "604800000",
                    1,
                    INT_MAX,
                    null,
                    "After how long without a transaction a transactional id is forgotten, in ms.")
            .integer(
                    "transaction.remove.expired.transaction.cleanup.interval.ms",
                    "3600000",
                    1,
                    INT_MAX,
                    null,
                    "How often expired transactional ids are looked for, in ms.")
            .integer(
                    "transaction.abort.timed.out.transaction.cleanup.interval.ms",
                    "10000",
                    1,
                    INT_MAX,
                    null,
                    "Accepted, without effect: a transaction is aborted when its time is over, and none is looked for.")
            .integer(
                    "transaction.state.log.min.isr",
                    "1",
                    1,
                    INT_MAX,
                    null,
                    "min.insync.replicas of __transaction_state, when it is created, where it is more than that of the"
                            + " broker." + ONE_BROKER)
            .longInteger("log.retention.check.interval.ms", "300000", 1, null, "How often retention is applied, in ms.")
            .bool("log.cleaner.enable", "true", null, "Whether compacted topics are compacted.")
            .integer("log.cleaner.threads", "1", 0, 64, null, "How many logs are compacted at a time.")
            .longInteger(
                    "log.cleaner.dedupe.buffer.size",
                    "16777216",
                    1024,
                    null,
                    "Bytes for the keys of all logs that are compacted at a time, 24 for each key, taken only then."
                            + " What does not fit is done by the next run. Apache Kafka's default is 134217728, all the"
                            + " time.")
            .number(
                    "log.cleaner.io.max.bytes.per.second",
                    "1.7976931348623157E308",
                    1,
                    Double.MAX_VALUE,
                    null,
                    "Bytes that compaction reads and writes in a second, on the average.")
            .longInteger(
                    "log.cleaner.backoff.ms",
                    "15000",
                    1,
                    null,
                    "How long compaction rests when no log needs it, in ms.")
            .longInteger(
                    "log.retention.minutes",
                    null,
                    -1,
                    null,
                    "As log.retention.ms, in minutes; log.retention.ms goes before it.")
            .integer(
                    "log.retention.hours",
                    "168",
                    -1,
                    INT_MAX,
                    null,
                    "As log.retention.minutes, in hours; log.retention.minutes goes before it.")
            .string(
                    "milena.console.listener",
                    "http://localhost:8080",
                    Set.of(),
                    null,
                    "Where milena start answers to browsers and monitoring: http://host:port; port 0 chooses a free"
                            + " one, nothing at all switches it off. It knows no passwords: whoever reaches the address by"
                            + " one of its names (milena.console.hosts) may do all that a client may. If it is not set and"
                            + " the port is taken, a free one is chosen.")
            .string(
                    "milena.console.hosts",
                    "",
                    Set.of(),
                    null,
                    "Names and addresses by which browsers may call milena.console.listener besides localhost, between"
                            + " commas; * for any, which lets every web page that a user visits in. Without one, a"
                            + " listener that others can reach shows metrics and health only.")
            .string(
                    "milena.console.dead.letter.suffixes",
                    "-dlt,.DLT,-DLT,.dlt,-dlq,.DLQ,-DLQ,.dlq",
                    Set.of(),
                    null,
                    "How the names of dead-letter topics end, between commas: what comes before is the topic that the"
                            + " records are of. Spring Kafka's are -dlt, and .DLT in its older versions.")
            .bool(
                    "milena.console.read.only",
                    "false",
                    null,
                    "Whether nothing can be changed or written through milena.console.listener.")
            .string(
                    "milena.log.format",
                    "text",
                    Set.of("text", "json"),
                    null,
                    "How log lines are written: for people, or each as a JSON object of time, level, logger and message,"
                            + " and error with its stack where there is one. For all of the JVM from the start of the broker on.")
            .longInteger(
                    "milena.disk.reserve.bytes",
                    "-1",
                    -1,
                    null,
                    "Free bytes of the data directory's disk below which clients may not produce, so that deleting and"
                            + " committing offsets go on; 0 for none, -1 for 1 GiB or a twentieth of the disk, whichever"
                            + " is less.")
            .longInteger(
                    "milena.journal.bytes",
                    "268435456",
                    0,
                    null,
                    "How large the journal of each data directory may become, in bytes; 0 for none, as is less than 64"
                            + " KiB. A directory that is forced often has one: acknowledged records are on disk there"
                            + " before they are in the files of their partitions. A clean stop leaves none.")
            .integer(
                    "milena.index.cache.bytes",
                    "8388608",
                    1 << 16,
                    INT_MAX,
                    null,
                    "Memory for the indexes of segments that are full, in bytes, for each data directory; what does"
                            + " not fit is read again when it is needed.")
            .integer(
                    "milena.open.files.max",
                    "2048",
                    16,
                    INT_MAX,
                    null,
                    "Segment files that stay open without being in use in each data directory; all together at most"
                            + " half of what the process may open. Where more partitions than that are written to in"
                            + " turn, each append opens its file.")
            .longInteger(
                    "milena.trash.retention.ms",
                    "86400000",
                    0,
                    null,
                    "How long a deleted topic can be restored, in ms; 0 for not at all. Then its files go."));

    private BrokerSettingCatalog() {}

    private static SettingCatalog withTopicDefaults(SettingCatalog catalog) {
        for (SettingDefinition topic : TopicSettingCatalog.CATALOG.definitions()) {
            String name = topic.brokerName();
            if (name != null) {
                catalog.add(topic.renamed(name));
            }
        }
        return catalog;
    }
}
