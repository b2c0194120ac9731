package io.milena.browser;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.options.AriaRole;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the overview warns of, without having to watch for minutes: {@link FallingBehindTest} does that. */
@ExtendWith(InBrowser.class)
@OwnBroker // with nothing else to warn of
class WarningsTest {
    /** Records are kept for seven days. */
    private static final long ALMOST_RETENTION_MS = Duration.ofDays(6).toMillis();

    @Test
    void eachWarningSaysWhatHelpsAndTheWorstComesFirst(Visit visit, Served served) {
        served.create("some-with-keys", 2);
        served.write(List.of(
                new ProducerRecord<>("some-with-keys", 0, Served.bytes("key"), Served.bytes("a")),
                new ProducerRecord<>("some-with-keys", 0, null, Served.bytes("b"))));
        served.create("spread-thin", 30);
        served.create("too-late", 1);
        served.write("too-late", "read", "never read", "left");
        served.read("too-late", "latecomers", 1);
        Served.done(served.admin()
                .deleteRecords(Map.of(new TopicPartition("too-late", 0), RecordsToDelete.beforeOffset(2)))
                .all());
        served.create("nearly-gone", 1);
        served.write(new ProducerRecord<>(
                "nearly-gone", 0, System.currentTimeMillis() - ALMOST_RETENTION_MS, null, Served.bytes("old")));
        Served.done(served.admin()
                .alterConsumerGroupOffsets(
                        "sleepers", Map.of(new TopicPartition("nearly-gone", 0), new OffsetAndMetadata(0)))
                .all());
        served.create("crowded", 1);
        try (KafkaConsumer<byte[], byte[]> one = served.consumer("crowd");
                KafkaConsumer<byte[], byte[]> other = served.consumer("crowd")) {
            served.write("crowded", "a");
            one.subscribe(List.of("crowded"));
            other.subscribe(List.of("crowded"));
            while ((one.assignment().isEmpty() && other.assignment().isEmpty()) || served.members("crowd") < 2) {
                one.poll(Duration.ofMillis(50));
                other.poll(Duration.ofMillis(50));
            }
            Map<TopicPartition, OffsetAndMetadata> begin =
                    Map.of(new TopicPartition("crowded", 0), new OffsetAndMetadata(0));
            (one.assignment().isEmpty() ? other : one).commitSync(begin);

            visit.open("/");
            visit.named(AriaRole.HEADING, "5 warnings").waitFor();
        }

        visit.page().locator(".warnings summary").click();
        List<String> told = visit.page().locator(".warnings li").allInnerTexts();
        for (String worst : new String[] {
            "Critical: Group latecomers has lost records of too-late",
            "Critical: Retention is about to remove what group sleepers has not read"
        }) {
            assertTrue(told.subList(0, 2).stream().anyMatch(text -> text.contains(worst)), worst + " " + told);
        }
        for (String title : new String[] {
            "Some records of some-with-keys have no key",
            "Topic spread-thin has many partitions",
            "Topic crowded has too few partitions"
        }) {
            assertTrue(told.stream().anyMatch(text -> text.contains(title)), title + " " + told);
        }
        visit.page().locator(".warnings").getByText("latecomers").last().click();
        visit.named(AriaRole.HEADING, "latecomers").waitFor();
    }
}
