package io.milena.embedded;

import org.jspecify.annotations.Nullable;

/** What an {@link EmbeddedMilena} declares, running. */
final class DeclaredBroker implements AutoCloseable {
    private final Object broker;
    private final Runnable end;
    private final String property;
    private final @Nullable String before;

    private DeclaredBroker(Object broker, Runnable end, String bootstrapServers, String property) {
        this.broker = broker;
        this.end = end;
        this.property = property;
        this.before = property.isEmpty() ? null : System.setProperty(property, bootstrapServers);
    }

    /** @throws IllegalArgumentException if there can be nothing like it */
    static DeclaredBroker start(EmbeddedMilena declared) {
        Milena.Configuration configuration = Milena.configure();
        for (String setting : declared.settings()) {
            int equals = setting.indexOf('=');
            if (equals <= 0) {
                throw new IllegalArgumentException("a setting is name=value, not '" + setting + "'");
            }
            configuration.set(
                    setting.substring(0, equals).strip(),
                    setting.substring(equals + 1).strip());
        }
        for (String topic : declared.topics()) {
            configuration.topic(topic, declared.partitions());
        }
        if (declared.brokers() == 1) {
            Milena milena = configuration.start();
            return new DeclaredBroker(
                    milena, milena::close, milena.bootstrapServers(), declared.bootstrapServersProperty());
        }
        MilenaCluster cluster = configuration.cluster(declared.brokers());
        return new DeclaredBroker(
                cluster, cluster::close, cluster.bootstrapServers(), declared.bootstrapServersProperty());
    }

    /** Either a {@link Milena} or a {@link MilenaCluster}. */
    Object broker() {
        return broker;
    }

    @Override
    public void close() {
        if (before != null) {
            System.setProperty(property, before);
        } else if (!property.isEmpty()) {
            System.clearProperty(property);
        }
        end.run();
    }
}
