package io.milena.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.microsoft.playwright.Locator;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InBrowser.class)
class TransactionsTest {
    @Test
    void openTransactionIsShownAndAborted(Visit visit, Served served) {
        served.create("all-or-nothing", 1);
        try (KafkaProducer<byte[], byte[]> producer = served.inTransaction("a-long-one")) {
            Served.done(producer.send(new ProducerRecord<>("all-or-nothing", Served.bytes("undecided"))));
            visit.open("/transactions");
            visit.waitFor("all-or-nothing-0");
            visit.press("Abort a-long-one");
            visit.pressInDialog("Abort");
            visit.waitFor("Aborted.");

            visit.page().locator(".choice").getByText("All ids").click();
            visit.page()
                    .locator("tbody tr")
                    .filter(new Locator.FilterOptions().setHasText("a-long-one"))
                    .getByText("Empty")
                    .waitFor();
            assertEquals("/transactions?show=all", visit.address());

            assertThrows(KafkaException.class, producer::commitTransaction);
        }
    }
}
