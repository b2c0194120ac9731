package com.example.orders;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.KafkaOperations;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.kafka.listener.ConsumerAwareRecordRecoverer;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.kafka.listener.ListenerExecutionFailedException;
import org.springframework.util.backoff.FixedBackOff;

/** A record that fails is tried again a few times, then put aside with the reason, and the next one is handled. */
@Configuration
public class FailedRecords {
    @Bean
    DefaultErrorHandler errorHandler(
            KafkaTemplate<Object, Object> kafka,
            ProducerFactory<Object, Object> producers,
            @Value("${orders.retries}") int retries,
            @Value("${orders.retry-pause}") Duration pause) {
        Map<Class<?>, KafkaOperations<?, ?>> byValue = new LinkedHashMap<>();
        // What could not be read is kept byte for byte.
        byValue.put(
                byte[].class,
                new KafkaTemplate<>(
                        producers, Map.of(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class)));
        byValue.put(Object.class, kafka);
        DeadLetterPublishingRecoverer letters = new DeadLetterPublishingRecoverer(byValue);
        ConsumerAwareRecordRecoverer aside =
                (record, consumer, failure) -> letters.accept(record, consumer, reasonOf(requireNonNull(failure)));
        DefaultErrorHandler handler = new DefaultErrorHandler(aside, new FixedBackOff(pause.toMillis(), retries));
        handler.setCommitRecovered(true);
        return handler;
    }

    /** What the listener threw; the exception around it says only that the listener failed. */
    private static Exception reasonOf(Exception failure) {
        return failure instanceof ListenerExecutionFailedException && failure.getCause() instanceof Exception cause
                ? cause
                : failure;
    }
}
