package io.milena.console;

import com.fasterxml.jackson.core.JsonGenerator;
import io.milena.console.charts.Charts;
import io.milena.console.warnings.CertificateExpiry;
import io.milena.console.warnings.GrowingLag;
import io.milena.console.warnings.HotPartition;
import io.milena.console.warnings.MissingKeys;
import io.milena.console.warnings.MissingReplicas;
import io.milena.console.warnings.PartitionCount;
import io.milena.console.warnings.RetentionBeforeRead;
import io.milena.console.warnings.Warning;
import io.milena.protocol.message.DescribeMeasurementsRequest;
import io.milena.protocol.message.DescribeMeasurementsResponse;
import io.milena.protocol.message.DescribeMeasurementsResponse.MeasuredMetric;
import io.milena.protocol.message.DescribeMeasurementsResponse.MeasuredValue;
import io.milena.protocol.message.MetadataResponse.MetadataResponseTopic;
import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/** {@code /api/v1/warnings}: gathers the facts, and asks each warning. What is looked at closely has a bound: the topics with most traffic, and the groups that come first. */
final class WarningsPage implements Page {
    private static final long WINDOW_MS = 600_000;
    private static final int POINTS = 60;
    private static final int TOPICS_READ_MAX = 20;
    private static final int GROUPS_MAX = 1000;
    private static final int RECORDS_READ = 20;
    private static final int PARTITIONS_READ_MAX = 3;

    private static final DescribeMeasurementsRequest CERTIFICATES =
            new DescribeMeasurementsRequest(List.of("milena_certificate_expiry_seconds"));

    private static final long KEPT_MS = 1000;
    /** So many times as long as it took, it is not done again. */
    private static final int REST = 4;

    private final Cluster cluster;
    private final Charts charts;
    private final Clock time;
    private final Clock machine;
    private final ReentrantLock gathering = new ReentrantLock();
    private List<Warning> gathered = List.of();
    private Deadline kept;

    /**
     * Nothing is gathered before somebody asks.
     *
     * @param time that of the brokers
     * @param machine by which this takes its rest
     */
    WarningsPage(Cluster cluster, Charts charts, Clock time, Clock machine) {
        this.cluster = cluster;
        this.charts = charts;
        this.time = time;
        this.machine = machine;
        this.kept = Deadline.afterMs(machine, 0);
    }

    /** Gathered for whoever asks first; the others wait for the same, and those who ask soon after get it too: all together it takes a fifth of a core at most. */
    @Override
    public Response answer(Request request) throws BadRequest, IOException {
        List<Warning> warnings;
        gathering.lock();
        try {
            if (kept.isPast()) {
                long begin = machine.nanos();
                gathered = gather();
                kept = Deadline.afterMs(machine, Math.max(KEPT_MS, (machine.nanos() - begin) * REST / 1_000_000));
            }
            warnings = gathered;
        } finally {
            gathering.unlock();
        }
        return Json.answer(200, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("warnings");
            for (Warning warning : warnings) {
                write(warning, json);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private List<Warning> gather() throws BadRequest, IOException {
        List<Warning> warnings = new ArrayList<>();
        List<MetadataResponseTopic> topics = cluster.topics();
        Map<String, Integer> consumers = new HashMap<>();
        checkReplicas(topics, warnings);
        checkCertificates(warnings);
        checkLag(warnings);
        checkGroups(topics, consumers, warnings);
        checkTraffic(topics, consumers, warnings);
        warnings.sort((one, other) -> other.severity().compareTo(one.severity()));
        return warnings;
    }

    private static void checkReplicas(List<MetadataResponseTopic> topics, List<Warning> warnings) {
        for (MetadataResponseTopic topic : topics) {
            int offline = 0;
            int behind = 0;
            for (var partition : topic.partitions()) {
                if (Cluster.isOffline(partition)) {
                    offline++;
                } else if (partition.isrNodes().size()
                        < partition.replicaNodes().size()) {
                    behind++;
                }
            }
            MissingReplicas.check(Cluster.name(topic), topic.partitions().size(), offline, behind)
                    .ifPresent(warnings::add);
        }
    }

    private void checkCertificates(List<Warning> warnings) throws BadRequest {
        long nowMs = time.millis();
        cluster.askAll(CERTIFICATES, DescribeMeasurementsResponse.class).forEach((broker, measured) -> {
            for (MeasuredMetric metric : measured.metrics()) {
                for (MeasuredValue left : metric.values()) {
                    CertificateExpiry.check(
                                    broker, left.labels().get(0), left.labels().get(1), left.value(), nowMs)
                            .ifPresent(warnings::add);
                }
            }
        });
    }

    private List<Charts.Drawn> drawn(String name) {
        long now = time.millis();
        return charts.draw(name, now - WINDOW_MS, now, POINTS);
    }

    private void checkLag(List<Warning> warnings) {
        for (Charts.Drawn line : drawn("lag")) {
            String topic = line.line().labels().get("topic");
            String group = line.line().labels().get("group");
            if (topic != null && group != null) {
                GrowingLag.check(
                                group,
                                topic,
                                line.points().stream().map(Charts.Point::value).toList())
                        .ifPresent(warnings::add);
            }
        }
    }

    /** Also counts the members of the largest group of each topic. */
    private void checkGroups(List<MetadataResponseTopic> topics, Map<String, Integer> consumers, List<Warning> warnings)
            throws BadRequest {
        List<GroupFacts.Fact> facts = new GroupFacts(cluster, topics).gather(GROUPS_MAX);
        facts.forEach(fact -> consumers.merge(fact.topic(), fact.members(), Math::max));
        Map<String, Long> retentions = RetentionTimes.of(consumers.keySet(), cluster);
        for (GroupFacts.Fact fact : facts) {
            RetentionBeforeRead.check(
                            new Warning.Subject(fact.topic(), fact.partition(), fact.group()),
                            fact.committed(),
                            fact.start(),
                            fact.lagMs(),
                            retentions.getOrDefault(fact.topic(), -1L))
                    .ifPresent(warnings::add);
        }
    }

    private void checkTraffic(
            List<MetadataResponseTopic> topics, Map<String, Integer> consumers, List<Warning> warnings)
            throws BadRequest, IOException {
        Map<String, Map<Integer, Double>> records = new HashMap<>();
        for (Charts.Drawn line : drawn("partition-records-in")) {
            records.computeIfAbsent(line.line().labels().getOrDefault("topic", ""), topic -> new TreeMap<>())
                    .put(Integer.parseInt(line.line().labels().getOrDefault("partition", "0")), mean(line));
        }
        Map<String, Double> bytes = new HashMap<>();
        for (Charts.Drawn line : drawn("bytes-in")) {
            bytes.put(
                    line.line().labels().getOrDefault("topic", ""),
                    line.points().stream()
                            .mapToDouble(Charts.Point::value)
                            .max()
                            .orElse(0));
        }
        List<MetadataResponseTopic> busiest = topics.stream()
                .filter(topic -> !topic.isInternal())
                .sorted((one, other) -> Double.compare(
                        bytes.getOrDefault(Cluster.name(other), 0.0), bytes.getOrDefault(Cluster.name(one), 0.0)))
                .toList();
        int read = 0;
        for (MetadataResponseTopic topic : busiest) {
            String name = Cluster.name(topic);
            int partitions = topic.partitions().size();
            HotPartition.check(name, records.getOrDefault(name, Map.of()), partitions)
                    .ifPresent(warnings::add);
            PartitionCount.check(name, partitions, consumers.getOrDefault(name, 0), bytes.getOrDefault(name, 0.0))
                    .ifPresent(warnings::add);
            if (partitions > 1 && read++ < TOPICS_READ_MAX) {
                checkKeys(topic, warnings);
            }
        }
    }

    private static double mean(Charts.Drawn line) {
        return line.points().stream().mapToDouble(Charts.Point::value).average().orElse(0);
    }

    private void checkKeys(MetadataResponseTopic topic, List<Warning> warnings) throws BadRequest, IOException {
        Offsets offsets = new Offsets(cluster);
        RecordReader reader = new RecordReader(cluster);
        List<Integer> partitions = ChosenPartitions.all(topic);
        Map<Integer, Long> ends = offsets.of(topic, partitions, Offsets.LATEST);
        Map<Integer, Long> starts = offsets.of(topic, partitions, Offsets.EARLIEST);
        int withKey = 0;
        int withoutKey = 0;
        int read = 0;
        for (Map.Entry<Integer, Long> end : ends.entrySet()) {
            long begin = Math.max(starts.getOrDefault(end.getKey(), 0L), end.getValue() - RECORDS_READ);
            if (begin < end.getValue() && read++ < PARTITIONS_READ_MAX) {
                for (RecordReader.Read each :
                        reader.read(topic, end.getKey(), begin, RECORDS_READ).records()) {
                    if (each.record().key() == null) {
                        withoutKey++;
                    } else {
                        withKey++;
                    }
                }
            }
        }
        MissingKeys.check(Cluster.name(topic), topic.partitions().size(), withKey, withoutKey)
                .ifPresent(warnings::add);
    }

    private static void write(Warning warning, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("kind", warning.kind());
        json.writeStringField("severity", warning.severity().name().toLowerCase(Locale.ROOT));
        json.writeStringField("title", warning.title());
        json.writeStringField("detail", warning.detail());
        json.writeStringField("advice", warning.advice());
        if (!warning.subject().topic().isEmpty()) {
            json.writeStringField("topic", warning.subject().topic());
        }
        if (warning.subject().partition() >= 0) {
            json.writeNumberField("partition", warning.subject().partition());
        }
        if (!warning.subject().group().isEmpty()) {
            json.writeStringField("group", warning.subject().group());
        }
        json.writeEndObject();
    }
}
