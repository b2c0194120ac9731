package io.milena.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The printed source, looked at line by line; that it compiles and speaks the protocol is tested where it is used. */
class MessagePrinterTest {
    private String source = "";

    @BeforeEach
    void print() throws IOException {
        source = MessagePrinter.print(SchemaParser.parse(SchemaParserTest.GREETING), "io.milena.protocol.message");
    }

    @Test
    void printsOneRecordWithItsStructsWithin() {
        has("public record GreetingRequest(String greeting, short volume, @Nullable List<Guest> guests, Place table, "
                + "List<Integer> gifts) implements ApiMessage {");
        has("    public record Guest(@Nullable String name) implements Message {");
        has("    public record Place(int seat) implements Message {");
        has("public static final short LOWEST_VERSION = 1;");
        has("public static final short HIGHEST_VERSION = 4;");
        has("return ApiKey.GREETING;");
    }

    @Test
    void readsEachFieldInItsVersionsOnly() {
        has("boolean flexible_ = version_ >= 3;");
        has("String greeting = in_.string(flexible_);");
        has("short volume = version_ >= 2 ? in_.int16() : (short) 16;");
        has("guests = (version_ >= 2 ? in_.nullableArray(flexible_, version_, Guest::read)"
                + " : in_.array(flexible_, version_, Guest::read));");
        has("Place table = version_ >= 4 ? Place.read(in_, version_) : Place.builder().build();");
        has("int seat = in_.uint16();");
    }

    @Test
    void refusesOnlyWhatMayNotBeDropped() {
        has("throw new UnsupportedVersionException(\"GreetingRequest.table\", version_);");
        hasNot("UnsupportedVersionException(\"GreetingRequest.volume\"");
        hasNot("UnsupportedVersionException(\"GreetingRequest.greeting\"");
    }

    @Test
    void writesTaggedFieldsWhereTheySayMoreThanTheDefault() {
        has("tags_ += (version_ >= 3) && !gifts.isEmpty() ? 1 : 0;");
        has("out_.tag(0, tagged_);");
        has("case 0 -> {");
        has("default -> in_.skipTo(end_);");
    }

    @Test
    void onlyAnswersShowErrors() {
        hasNot("errorCodes");
    }

    @Test
    void buildersStartFromTheDefaults() {
        has("private String greeting = \"hello\";");
        has("private short volume = (short) 16;");
        has("public Builder volume(short value) {");
        has("public Builder toBuilder() {");
    }

    @Test
    void namesApisInCapitals() {
        assertEquals("API_VERSIONS", MessagePrinter.apiConstant("ApiVersionsResponse"));
        assertEquals("OFFSET_FOR_LEADER_EPOCH", MessagePrinter.apiConstant("OffsetForLeaderEpochRequest"));
    }

    private void has(String line) {
        assertTrue(source.contains(line), () -> "no '" + line + "' in\n" + source);
    }

    private void hasNot(String line) {
        assertTrue(!source.contains(line), () -> "'" + line + "' in\n" + source);
    }
}
