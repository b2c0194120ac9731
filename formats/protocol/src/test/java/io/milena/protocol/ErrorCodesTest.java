package io.milena.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.milena.protocol.message.FetchResponse;
import io.milena.protocol.message.FetchResponse.FetchableTopicResponse;
import io.milena.protocol.message.FetchResponse.PartitionData;
import io.milena.protocol.message.HeartbeatResponse;
import io.milena.protocol.message.MetadataRequest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What answers show of their errors. */
class ErrorCodesTest {
    private static List<Integer> shown(ApiMessage message) {
        List<Integer> codes = new ArrayList<>();
        message.errorCodes(codes::add);
        return codes;
    }

    private static PartitionData partition(ErrorCode error) {
        return PartitionData.builder().errorCode(error.code()).build();
    }

    @Test
    void anAnswerShowsItsOwnErrorAndThoseWithin() {
        FetchResponse response = FetchResponse.builder()
                .errorCode(ErrorCode.NONE.code())
                .responses(List.of(
                        FetchableTopicResponse.builder()
                                .partitions(
                                        List.of(partition(ErrorCode.OFFSET_OUT_OF_RANGE), partition(ErrorCode.NONE)))
                                .build(),
                        FetchableTopicResponse.builder()
                                .partitions(List.of(partition(ErrorCode.CORRUPT_MESSAGE)))
                                .build()))
                .build();

        assertEquals(List.of(0, 1, 0, 2), shown(response));
    }

    @Test
    void anAnswerWithoutPartsShowsOne() {
        assertEquals(
                List.of((int) ErrorCode.REBALANCE_IN_PROGRESS.code()),
                shown(HeartbeatResponse.builder()
                        .errorCode(ErrorCode.REBALANCE_IN_PROGRESS.code())
                        .build()));
    }

    @Test
    void aRequestHasNone() {
        assertEquals(List.of(), shown(MetadataRequest.builder().build()));
    }
}
