package io.milena.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@EmbeddedMilena(
        topics = {"orders", "letters"},
        partitions = 3,
        settings = {"auto.create.topics.enable=false", "message.max.bytes = 2000000"},
        bootstrapServersProperty = EmbeddedMilenaTest.PROPERTY)
class EmbeddedMilenaTest {
    static final String PROPERTY = "io.milena.embedded.EmbeddedMilenaTest";

    @BeforeAll
    static void thePropertyIsThereBeforeAnybodyAsks() {
        assertTrue(System.getProperty(PROPERTY, "").startsWith("localhost:"));
    }

    @Test
    void theTopicsAreThere(Milena milena) throws Exception {
        assertEquals(milena.bootstrapServers(), System.getProperty(PROPERTY));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", milena.bootstrapServers()))) {
            Set<String> names = Set.of("orders", "letters");
            assertEquals(names, admin.listTopics().names().get());
            Map<String, TopicDescription> topics =
                    admin.describeTopics(names).allTopicNames().get();
            names.forEach(name -> assertEquals(
                    3, Objects.requireNonNull(topics.get(name)).partitions().size()));
        }
    }

    @Nested
    class Within {
        @Test
        void theBrokerIsThatOfTheClassAround(Milena milena) {
            assertEquals(milena.bootstrapServers(), System.getProperty(PROPERTY));
        }
    }

    @Nested
    @EmbeddedMilena(brokers = 2, topics = "copied", bootstrapServersProperty = "io.milena.embedded.several")
    class Several {
        @Test
        void aClusterIsDeclared(MilenaCluster cluster) throws Exception {
            assertEquals(Set.of(1, 2), cluster.brokers());
            assertEquals(cluster.bootstrapServers(), System.getProperty("io.milena.embedded.several"));
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrapServers()))) {
                TopicDescription topic = Objects.requireNonNull(admin.describeTopics(Set.of("copied"))
                        .allTopicNames()
                        .get()
                        .get("copied"));
                assertEquals(2, topic.partitions().getFirst().replicas().size());
            }
        }
    }

    @AfterAll
    static void whatAClassWithinDeclaredIsGone() {
        assertNull(System.getProperty("io.milena.embedded.several"));
        assertTrue(System.getProperty(PROPERTY, "").startsWith("localhost:"));
    }

    @Test
    void whatCannotBeIsRefusedInWords() {
        String refused = String.valueOf(assertThrows(
                        IllegalArgumentException.class,
                        () -> Milena.configure().topic("a/b", 1).start())
                .getMessage());
        assertTrue(refused.startsWith("topic a/b cannot be created: "), refused);
        EmbeddedMilena wrong = Objects.requireNonNull(Wrong.class.getAnnotation(EmbeddedMilena.class));
        assertEquals(
                "a setting is name=value, not 'acks'",
                assertThrows(IllegalArgumentException.class, () -> DeclaredBroker.start(wrong))
                        .getMessage());
    }

    @EmbeddedMilena(settings = "acks")
    private static final class Wrong {}
}
