package io.milena.metadata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicSettingCatalogTest {
    private static final String OURS = "milena.";

    @Test
    void hasTheSettingsTypesAndDefaultsOfKafka44() throws IOException {
        try (InputStream in = Objects.requireNonNull(
                TopicSettingCatalogTest.class.getResourceAsStream("/kafka-4.4.0-topic-settings.txt"))) {
            List<String> expected = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            List<String> actual = TopicSettingCatalog.CATALOG.definitions().stream()
                    .filter(setting -> !setting.name().startsWith(OURS))
                    .map(TopicSettingCatalogTest::line)
                    .sorted()
                    .toList();
            assertEquals(expected, actual);
        }
    }

    private static String line(SettingDefinition setting) {
        String value = TopicSettingCatalog.CATALOG.defaultOf(setting.name());
        return setting.name() + " " + setting.type() + " " + (value.isEmpty() ? "-" : value);
    }

    @Test
    void everyDefaultIsAllowedAndNormalAndEverySettingDocumented() {
        for (SettingDefinition setting : TopicSettingCatalog.CATALOG.definitions()) {
            String value = TopicSettingCatalog.CATALOG.defaultOf(setting.name());
            assertNull(setting.fault(value), setting::name);
            assertEquals(value, setting.normalized(value));
            assertFalse(setting.documentation().isBlank(), setting::name);
        }
    }

    /** Apache Kafka 4.3.1 refuses these too. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        retention.ms                          | abc         | a whole number, -1 or more
        retention.ms                          | -2          | a whole number, -1 or more
        retention.ms                          | 1.5         | a whole number
        retention.ms                          | ''          | a whole number
        segment.bytes                         | 10          | a whole number from 1024 to 2147483647
        segment.bytes                         | 99999999999 | a whole number from 1024 to 2147483647
        retention.bytes                       | 99999999999999999999 | a whole number
        cleanup.policy                        | foo         | a list of compact, delete
        cleanup.policy                        | delete,foo  | a list of compact, delete
        cleanup.policy                        | delete,     | a list of compact, delete
        cleanup.policy                        | ,           | a list of compact, delete
        compression.type                      | foo         | one of gzip, lz4, producer, snappy, uncompressed, zstd
        compression.gzip.level                | 0           | a whole number from -1 to 9, but not 0
        compression.lz4.level                 | 99          | a whole number from 1 to 17
        preallocate                           | yes         | true or false
        min.cleanable.dirty.ratio             | 2           | a number from 0.0 to 1.0
        message.timestamp.type                | 2           | one of CreateTime, LogAppendTime
        min.insync.replicas                   | 0           | a whole number from 1 to 2147483647
        leader.replication.throttled.replicas | xx          | * or a list of partition:broker
        leader.replication.throttled.replicas | 1:          | * or a list of partition:broker
        leader.replication.throttled.replicas | *,1:1       | * or a list of partition:broker
        no.such.setting                       | 1           | Unknown configuration no.such.setting
        message.format.version                | 2.8         | Unknown configuration message.format.version
        """)
    void refusesWithTheSettingTheValueAndWhatIsAllowed(String name, String value, String allowed) {
        String fault = TopicSettingCatalog.CATALOG.fault(name, value);
        assertNotNull(fault);
        assertTrue(fault.contains(name) && fault.contains(allowed), fault);
        assertTrue(fault.startsWith("Unknown") || fault.contains("Invalid value " + value), fault);
    }

    /** Apache Kafka takes it, and then compacts such a topic never or always. */
    @Test
    void whatIsNoNumberIsNoRatio() {
        assertNotNull(TopicSettingCatalog.CATALOG.fault("min.cleanable.dirty.ratio", "NaN"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = false, textBlock = """
        retention.ms| 55 |55
        retention.ms|+055|55
        retention.bytes|-2|-2
        retention.bytes|-9223372036854775808|-9223372036854775808
        min.cleanable.dirty.ratio|.5|0.5
        cleanup.policy|delete,delete|delete
        leader.replication.throttled.replicas|0:1,|0:1
        cleanup.policy| delete , compact |delete,compact
        cleanup.policy|''|''
        preallocate|TRUE|true
        compression.gzip.level|-1|-1
        compression.gzip.level|9|9
        leader.replication.throttled.replicas|*|*
        leader.replication.throttled.replicas|0:1,1:2|0:1,1:2
        """)
    void acceptsAndNormalizes(String name, String value, String normal) {
        SettingDefinition setting = TopicSettingCatalog.CATALOG.find(name);
        assertNotNull(setting);
        assertNull(setting.fault(value));
        assertEquals(normal, setting.normalized(value));
    }
}
