package io.milena.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import io.milena.embedded.Milena;
import io.milena.embedded.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the console tells only after minutes, which pass when the test says so: the console of an embedded broker. */
@ExtendWith(InBrowser.class)
class FallingBehindTest {
    private static final int MEASUREMENTS = 20;

    @Test
    void growingLagIsWarnedOfAndDrawn(Visit visit) {
        VirtualTime time = VirtualTime.held();
        try (Milena milena =
                        Milena.configure().topic("slowly-read", 1).time(time).start();
                Admin admin = Admin.create(Map.of("bootstrap.servers", milena.bootstrapServers()));
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", milena.bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            visit.turnTo(milena.console());
            write(producer, time);
            Served.done(admin.alterConsumerGroupOffsets(
                            "slow", Map.of(new TopicPartition("slowly-read", 0), new OffsetAndMetadata(1)))
                    .all());
            for (int i = 0; i < MEASUREMENTS; i++) {
                write(producer, time);
                time.advance(Duration.ofSeconds(10));
            }

            visit.open("/");
            visit.waitFor("Group slow falls behind");
            visit.picture("FallingBehindTest.warning");
            visit.page()
                    .locator(".warnings")
                    .getByRole(
                            AriaRole.LINK,
                            new Locator.GetByRoleOptions().setName("slow").setExact(true))
                    .click();
            visit.named(AriaRole.HEADING, "slow").waitFor();
            drawn(visit, "Lag in records").waitFor();
            drawn(visit, "Lag in time").waitFor();
            visit.picture("FallingBehindTest.lag");
            String behind = visit.page().locator(".figure").nth(1).innerText();
            assertTrue(behind.startsWith("3 min 20 s"), behind);
            assertEquals(List.of("0", "300", "600"), ticks(visit, "Lag in records"));
            assertEquals(List.of("0", "2 min", "4 min"), ticks(visit, "Lag in time"));

            visit.press("1 h");
            drawn(visit, "Lag in records").waitFor();
            assertTrue(visit.address().endsWith("?over=60"), visit.address());

            visit.open("/groups");
            String listed = visit.page().locator("tbody tr").innerText().replaceAll("\\s+", " ");
            assertTrue(listed.matches("slow Empty [\\d,]+ \\d min.* slowly-read .*"), listed);
            visit.turnTo(milena.console()); // nobody asks a console that ends
        }
    }

    private static void write(KafkaProducer<byte[], byte[]> producer, VirtualTime time) {
        for (int i = 0; i < 25; i++) {
            var _ = producer.send(
                    new ProducerRecord<>("slowly-read", 0, time.now().toEpochMilli(), null, new byte[10]));
        }
        producer.flush();
    }

    /** Whatever the values of a chart are, its axis does not say the same twice. */
    @Test
    void axesReadWell(Visit visit) {
        visit.open("/");
        Object refused = visit.page().evaluate("""
                async () => {
                  const folder = document.querySelector('script[type=module]').src.replace(/[^/]*$/, '');
                  const [{ TOPS }, { bytes, number, short, span }] = await Promise.all(['scale.js', 'format.js'].map(f => import(folder + f)));
                  const said = { number: short, whole: v => number(Math.round(v)), bytes, time: span };
                  const refused = [];
                  for (const [kind, top] of Object.entries(TOPS)) {
                    for (let value = 0; value < 1e13; value = value * 1.05 || 0.0001) {
                      const texts = [0, 0.5, 1].map(share => said[kind](top(value) * share));
                      if (!(top(value) >= value) || new Set(texts).size < 3 || /[.][0-9][0-9]/.test(texts[1])) refused.push([kind, value, ...texts].join(' '));
                    }
                  }
                  return refused;
                }
                """);
        assertEquals(List.of(), refused);
    }

    /** The line of a chart. */
    private static Locator drawn(Visit visit, String title) {
        return chart(visit, title).locator("path.stroke");
    }

    /** What stands at the axis of a chart, from below. */
    private static List<String> ticks(Visit visit, String title) {
        return chart(visit, title).locator("text.tick").allTextContents().subList(0, 3);
    }

    private static Locator chart(Visit visit, String title) {
        return visit.page().locator("figure.chart").filter(new Locator.FilterOptions().setHasText(title));
    }
}
