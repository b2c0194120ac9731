package io.milena.benchmarks;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;

/** Orders as JSON, the same in every run: each of so many bytes, filled up with words; a few of them have a state that no other has. */
final class OrderTexts {
    static final String WANTED = "\"state\":\"lost\"";
    private static final int WANTED_COUNT = 10;
    private static final int CUSTOMERS = 10_000;
    private static final String[] WORDS = {
        "deliver", "to", "the", "back", "door", "street", "ring", "twice", "please", "gift", "wrapped", "fragile",
        "paid"
    };

    private final int recordBytes;
    private final long count;

    OrderTexts(int recordBytes, long count) {
        this.recordBytes = recordBytes;
        this.count = count;
    }

    long count() {
        return count;
    }

    private boolean isWanted(long number) {
        long distance = count / WANTED_COUNT;
        return number % distance == distance / 2 && number / distance < WANTED_COUNT;
    }

    private String text(long number, SplittableRandom random) {
        StringBuilder text = new StringBuilder(recordBytes)
                .append("{\"order\":")
                .append(number)
                .append(",\"cents\":")
                .append(random.nextInt(1, 100_000))
                .append(isWanted(number) ? "," + WANTED : ",\"state\":\"open\"")
                .append(",\"note\":\"");
        while (text.length() < recordBytes - 2) {
            text.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
        }
        text.setLength(recordBytes - 2);
        return text.append("\"}").toString();
    }

    /** Returns when all is acknowledged. */
    void write(String address, String topic, int partitions, String compression) throws Exception {
        SplittableRandom random = new SplittableRandom(recordBytes);
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        address,
                        "compression.type",
                        compression,
                        "batch.size",
                        131_072,
                        "linger.ms",
                        20),
                new StringSerializer(),
                new StringSerializer())) {
            Future<RecordMetadata> last = null;
            for (long number = 0; number < count; number++) {
                last = producer.send(new ProducerRecord<>(
                        topic,
                        (int) (number % partitions),
                        "customer-" + random.nextInt(CUSTOMERS),
                        text(number, random)));
            }
            producer.flush();
            if (last != null) {
                last.get();
            }
        }
    }

    /** Throws if it was not as many as there are. */
    void checkFound(long found) {
        if (found != WANTED_COUNT) {
            throw new IllegalStateException(found + " records were found instead of " + WANTED_COUNT);
        }
    }
}
