package com.example.orders;

import org.apache.kafka.clients.admin.NewTopic;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.KafkaAdmin.NewTopics;

/** The topics, created at the start where they are missing. */
@Configuration
public class Topics {
    public static final String ORDERS = "orders";
    public static final String ORDER_EVENTS = "order-events";
    public static final String INVENTORY_UPDATES = "inventory-updates";
    /** Beside each topic, what could not be handled; the name is Spring's. */
    public static final String DEAD_ORDERS = "orders-dlt";

    public static final int PARTITIONS = 3;

    @Bean
    NewTopics allTopics() {
        return new NewTopics(topic(ORDERS), topic(ORDER_EVENTS), topic(INVENTORY_UPDATES), topic(DEAD_ORDERS));
    }

    private static NewTopic topic(String name) {
        return TopicBuilder.name(name).partitions(PARTITIONS).build();
    }
}
