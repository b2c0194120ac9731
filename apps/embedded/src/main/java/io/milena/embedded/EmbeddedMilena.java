package io.milena.embedded;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives a test class a broker, or a cluster, which is there before its first test and closed after its last one. A parameter of type {@link Milena}, or {@link MilenaCluster} where there are several {@link #brokers()}, has it.
 *
 * <p>With Spring, above {@code @SpringBootTest}:
 *
 * <pre>{@code
 * @EmbeddedMilena(topics = "orders", partitions = 3, bootstrapServersProperty = "spring.kafka.bootstrap-servers")
 * @SpringBootTest
 * @DirtiesContext // the application ends before its broker does
 * class OrdersTest { ... }
 * }</pre>
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
@ExtendWith(MilenaExtension.class)
public @interface EmbeddedMilena {
    /** How many there are: one is a {@link Milena}, more are a {@link MilenaCluster}. */
    int brokers() default 1;

    /** The names of topics that are there before the first test. */
    String[] topics() default {};

    /** How many each of the {@link #topics()} has. */
    int partitions() default 1;

    /** Broker settings, as {@code name=value}. */
    String[] settings() default {};

    /** A system property that says where the broker is, for as long as it is there: an application finds it as it finds its other settings. Test classes that run at the same time need names of their own. */
    String bootstrapServersProperty() default "";
}
