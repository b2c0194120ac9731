package com.example.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.milena.embedded.EmbeddedMilena;
import io.milena.embedded.Milena;
import java.math.BigDecimal;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.annotation.DirtiesContext;

/** As little as a test with a broker needs: it is declared, with its topics, and the application finds it. */
@EmbeddedMilena(
        topics = {Topics.ORDERS, Topics.DEAD_ORDERS},
        partitions = Topics.PARTITIONS,
        bootstrapServersProperty = "spring.kafka.bootstrap-servers")
@SpringBootTest(properties = {"orders.demonstration=false", "logging.level.com.example.orders=off"})
@DirtiesContext // so that the application ends before its broker does
class OneOrderTest {
    @Autowired
    private OrderSender sender;

    @Autowired
    private OrderBook book;

    @Value("${spring.kafka.bootstrap-servers}")
    private String broker;

    @Test
    void anOrderIsHandled(Milena milena) throws Exception {
        assertThat(broker).isEqualTo(milena.bootstrapServers());

        sender.send(new Order("1", "user-123", "diary", 1, BigDecimal.TEN));

        await().atMost(Duration.ofSeconds(20))
                .until(() -> !book.handledOf("user-123").isEmpty());
    }
}
