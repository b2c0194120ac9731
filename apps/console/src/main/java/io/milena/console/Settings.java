package io.milena.console;

import com.fasterxml.jackson.core.JsonGenerator;
import io.milena.protocol.message.DescribeConfigsResponse.DescribeConfigsResourceResult;
import io.milena.protocol.message.DescribeConfigsResponse.DescribeConfigsSynonym;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Settings as JSON: each with what it means, where its value comes from, and what it would be without it. */
final class Settings {
    private static final byte SET_ON_TOPIC = 1;
    private static final byte SET_BY_DEFAULT = 5;
    private static final List<String> TYPES =
            List.of("unknown", "boolean", "string", "int", "short", "long", "double", "list", "class", "password");

    private Settings() {}

    static Page.Response answer(List<DescribeConfigsResourceResult> settings) throws IOException {
        return Json.answer(200, json -> {
            json.writeStartObject();
            write(settings, json);
            json.writeEndObject();
        });
    }

    static void write(List<DescribeConfigsResourceResult> settings, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("settings");
        for (DescribeConfigsResourceResult setting : settings) {
            json.writeStartObject();
            json.writeStringField("name", setting.name());
            json.writeStringField("value", setting.value());
            json.writeBooleanField("isDefault", setting.configSource() != SET_ON_TOPIC);
            json.writeStringField("source", source(setting.configSource()));
            json.writeStringField("defaultValue", fallback(setting));
            json.writeStringField("type", TYPES.get(Math.clamp(setting.configType(), 0, TYPES.size() - 1)));
            json.writeBooleanField("isReadOnly", setting.readOnly());
            json.writeBooleanField("isSensitive", setting.isSensitive());
            json.writeStringField("documentation", setting.documentation() == null ? "" : setting.documentation());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static String source(byte source) {
        return source == SET_ON_TOPIC ? "topic" : source == SET_BY_DEFAULT ? "default" : "broker";
    }

    /** The first value that is not the topic's own. */
    private static @Nullable String fallback(DescribeConfigsResourceResult setting) {
        for (DescribeConfigsSynonym synonym : setting.synonyms()) {
            if (synonym.source() != SET_ON_TOPIC) {
                return synonym.value();
            }
        }
        return setting.configSource() == SET_ON_TOPIC ? null : setting.value();
    }
}
