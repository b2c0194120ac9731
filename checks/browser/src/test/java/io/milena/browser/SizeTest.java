package io.milena.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.options.AriaRole;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A large cluster. By default 100 topics of 10 partitions and 50 groups; {@code -Dmilena.topics=1000} has 10,000 partitions and 500 groups, and prints how long each page takes from the address to its rows.
 */
@ExtendWith(InBrowser.class)
@OwnBroker // in that of all, its groups would fill the first page of every list
class SizeTest {
    private static final int TOPICS =
            System.getProperty("milena.topics", "").isEmpty() ? 100 : Integer.getInteger("milena.topics");
    private static final long PATIENCE_MS = 5_000;

    @Test
    void pagesOfALargeClusterStayUsable(Visit visit, Served served) {
        served.create(Served.names("large-", TOPICS).stream()
                .map(name -> new NewTopic(name, 10, (short) 1))
                .toList());
        List<TopicPartition> partitions = IntStream.range(0, 10)
                .mapToObj(i -> new TopicPartition("large-0", i))
                .toList();
        Map<TopicPartition, OffsetAndMetadata> offsets =
                partitions.stream().collect(Collectors.toMap(p -> p, p -> new OffsetAndMetadata(0)));
        for (String group : Served.names("large-readers-", TOPICS / 2)) {
            Served.done(served.admin().alterConsumerGroupOffsets(group, offsets).all());
        }

        for (String address : List.of(
                "/",
                "/topics",
                "/topics/large-0",
                "/topics/large-0/messages",
                "/topics/large-0/settings",
                "/groups",
                "/groups/large-readers-0",
                "/transactions",
                "/dead-letters",
                "/trash",
                "/settings")) {
            assertUsable(visit, address);
        }

        visit.open("/topics");
        assertTrue(visit.page().locator("tbody tr").count() <= 50, "a page of the list is short");
        long start = System.nanoTime();
        visit.field("Filter by name").fill("large-" + (TOPICS - 1));
        visit.named(AriaRole.LINK, "large-" + (TOPICS - 1)).waitFor();
        report("filter", (System.nanoTime() - start) / 1_000_000);
        assertEquals(1, visit.page().locator("tbody tr").count());
    }

    private static void assertUsable(Visit visit, String address) {
        visit.open(address);
        double millis = ((Number)
                        visit.page().evaluate("performance.getEntriesByName('milena:interactive')[0].startTime"))
                .doubleValue();
        report(address, Math.round(millis));
        assertTrue(millis < PATIENCE_MS, address + " took " + millis + " ms");
    }

    private static void report(String what, long millis) {
        if (TOPICS >= 1000) {
            System.out.println(what + " " + millis + " ms with " + TOPICS + " topics");
        }
    }
}
