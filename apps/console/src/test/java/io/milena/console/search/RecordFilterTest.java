package io.milena.console.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.records.Compression;
import io.milena.records.Record;
import io.milena.records.RecordBatch;
import io.milena.records.RecordBatchBuilder;
import io.milena.records.RecordHeader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordFilterTest {
    private static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static RecordFilter ofValue(TextCondition... conditions) {
        return new RecordFilter(List.of(), List.of(conditions), List.of(), Long.MIN_VALUE, Long.MAX_VALUE);
    }

    private static RecordBatch batch(Compression compression, @Nullable String value) {
        RecordBatchBuilder builder = new RecordBatchBuilder().compression(compression);
        builder.append(
                1000,
                utf8("user-7"),
                value == null ? null : utf8(value),
                List.of(new RecordHeader("trace", utf8("abc")), new RecordHeader("none", null)));
        return builder.build();
    }

    private static boolean isFound(RecordFilter filter, RecordBatch batch) {
        Record record = batch.records().iterator().next();
        boolean isTrue = filter.isTrueOf(record, record.timestampMs());
        assertTrue(filter.mayBeIn(batch, 1000) || !isTrue, "a batch is ruled out that has what is looked for");
        return isTrue;
    }

    @ParameterizedTest
    @CsvSource({
        "lost, false, a lost order, true",
        "lost, false, a LOST order, false",
        "lost, true, a LOST order, true",
        "grüße, true, viele GRÜSSE, false",
        "GRÜ, true, viele grüße, true",
        "order, false, order, true",
        "orders, false, order, false",
        "r, false, order, true",
        "x, false, order, false"
    })
    void aTextOccursInAValue(String wanted, boolean isCaseIgnored, String value, boolean isFound) {
        RecordFilter filter = ofValue(TextCondition.contains(wanted, isCaseIgnored));
        assertEquals(isFound, isFound(filter, batch(Compression.NONE, value)));
        assertEquals(isFound, isFound(filter, batch(Compression.LZ4, value)));
    }

    @Test
    void whatIsNotThereHasNoText() {
        assertFalse(isFound(ofValue(TextCondition.contains("a", false)), batch(Compression.NONE, null)));
        assertFalse(isFound(ofValue(TextCondition.matches(Pattern.compile(""))), batch(Compression.NONE, null)));
        assertTrue(isFound(RecordFilter.ALL, batch(Compression.NONE, null)));
    }

    @Test
    void allThatIsAskedForMustBeTrue() {
        RecordBatch batch = batch(Compression.NONE, "{\"a\":1}");
        TextCondition key = TextCondition.is("user-7", false);
        TextCondition value = TextCondition.matches(Pattern.compile("\"a\":\\d"));
        var trace = new RecordFilter.HeaderCondition("trace", TextCondition.contains("b", false));
        var none = new RecordFilter.HeaderCondition("none", null);
        assertTrue(isFound(new RecordFilter(List.of(key), List.of(value), List.of(trace, none), 1000, 1001), batch));
        assertFalse(isFound(new RecordFilter(List.of(key), List.of(value), List.of(), 1001, 2000), batch));
        assertFalse(isFound(new RecordFilter(List.of(key), List.of(value), List.of(), 0, 1000), batch));
        assertFalse(isFound(
                new RecordFilter(List.of(TextCondition.is("user", false)), List.of(), List.of(), 0, 2000), batch));
        for (RecordFilter.HeaderCondition wrong : List.of(
                new RecordFilter.HeaderCondition("trac", null),
                new RecordFilter.HeaderCondition("trace", TextCondition.contains("x", false)),
                new RecordFilter.HeaderCondition("none", TextCondition.contains("x", false)))) {
            assertFalse(isFound(new RecordFilter(List.of(), List.of(), List.of(wrong), 0, 2000), batch));
        }
    }

    private static boolean mayBeIn(RecordFilter filter, Compression compression) {
        return filter.mayBeIn(batch(compression, "found"), 1000);
    }

    @Test
    void aBatchWithoutTheTextIsNotLookedInto() {
        for (Compression compression : List.of(Compression.NONE, Compression.ZSTD)) {
            assertFalse(mayBeIn(ofValue(TextCondition.contains("lost", false)), compression));
            assertFalse(mayBeIn(ofValue(TextCondition.contains("Lost", true)), compression));
            assertTrue(mayBeIn(ofValue(TextCondition.contains("FOUND", true)), compression));
            for (RecordFilter.HeaderCondition wrong : List.of(
                    new RecordFilter.HeaderCondition("other", null),
                    new RecordFilter.HeaderCondition("trace", TextCondition.contains("x", false)))) {
                assertFalse(mayBeIn(new RecordFilter(List.of(), List.of(), List.of(wrong), 0, 2000), compression));
            }
        }
        assertFalse(new RecordFilter(List.of(), List.of(), List.of(), 1001, 2000)
                .mayBeIn(batch(Compression.NONE, ""), 1000));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aNeedleIsFoundWhereAStringSearchFindsIt(boolean isCaseIgnored) {
        Random random = new Random(7);
        byte[] alphabet = {'a', 'A', 'b', (byte) 0xff};
        for (int round = 0; round < 20_000; round++) {
            byte[] hay = new byte[random.nextInt(40)];
            byte[] wanted = new byte[1 + random.nextInt(5)];
            for (byte[] bytes : List.of(hay, wanted)) {
                for (int i = 0; i < bytes.length; i++) {
                    bytes[i] = alphabet[random.nextInt(alphabet.length)];
                }
            }
            int from = random.nextInt(hay.length + 1);
            ByteBuffer slice = ByteBuffer.wrap(hay).position(from).slice();
            String text = new String(hay, from, hay.length - from, StandardCharsets.ISO_8859_1);
            String part = new String(wanted, StandardCharsets.ISO_8859_1);
            boolean isThere =
                    isCaseIgnored ? text.replace('A', 'a').contains(part.replace('A', 'a')) : text.contains(part);
            Needle needle = new Needle(wanted, isCaseIgnored);
            assertEquals(isThere, needle.isIn(slice));
            assertEquals(isThere, needle.isIn(slice.asReadOnlyBuffer()));
            assertEquals(0, slice.position());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "$.a=1 | {\"a\":1} | true",
                "$.a=1 | {\"a\":\"1\"} | true",
                "$.a=1 | {\"a\":11} | false",
                "$.a=true | {\"x\":{\"a\":false},\"a\":true} | true",
                "$.a.b[1].c=x=y | {\"a\":{\"z\":[1],\"b\":[{\"c\":0},{\"d\":[],\"c\":\"x=y\"}]}} | true",
                "$.a.b[2].c=x | {\"a\":{\"b\":[1,2]}} | false",
                "$[0]=7 | [7] | true",
                "$.a=null | {\"a\":null} | true",
                "$.a= | {\"a\":\"\"} | true",
                "$.a= | {\"a\":{}} | false",
                "$.a=1 | [1] | false",
                "$[0]=1 | {\"a\":1} | false",
                "$.a=1 | {\"b\":1 | false",
                "$.a=1 | no JSON | false",
                "$.a=1 | '' | false"
            })
    void whatStandsAtAPlaceInJson(String condition, String value, boolean isTrue) {
        assertEquals(
                isTrue,
                isFound(ofValue(TextCondition.hasAt(JsonPath.parse(condition))), batch(Compression.NONE, value)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a=1", "$=1", "$.a", "$.=1", "$[x]=1", "$[1=1", "$a=1", "$.a[]=1"})
    void aPlaceThatIsNoneIsRefused(String condition) {
        assertThrows(IllegalArgumentException.class, () -> JsonPath.parse(condition));
    }

    @Test
    void aPositionIsReadAsItWasWritten() {
        ScanPosition position = new ScanPosition(3, 1L << 40);
        assertEquals(Optional.of(position), ScanPosition.parse(position.toString()));
        for (String wrong : List.of("", "3", ":", "3:", ":7", "-1:7", "3:-7", "a:b", "3:7:9")) {
            assertEquals(Optional.empty(), ScanPosition.parse(wrong), wrong);
        }
    }
}
