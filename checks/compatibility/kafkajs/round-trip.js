// node round-trip.js BOOTSTRAP TOPIC GROUP COUNT: creates the topic, produces COUNT records, reads them in a group, commits, checks the lag.
const { Kafka, logLevel } = require("kafkajs");

const [bootstrap, topic, groupId, countText] = process.argv.slice(2);
const count = Number(countText);
const kafka = new Kafka({ clientId: "round-trip", brokers: [bootstrap], logLevel: logLevel.ERROR });

async function main() {
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: 2 }] });

  const producer = kafka.producer({ idempotent: true });
  await producer.connect();
  const messages = Array.from({ length: count }, (_, i) => ({ key: `key-${i % 5}`, value: `value-${i}`, headers: { n: `${i}` } }));
  await producer.send({ topic, acks: -1, messages });
  await producer.disconnect();

  const consumer = kafka.consumer({ groupId });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const read = [];
  await new Promise((resolve, reject) => {
    consumer.on(consumer.events.CRASH, (event) => reject(event.payload.error));
    consumer
      .run({
        eachMessage: async ({ partition, message }) => {
          read.push({ partition, key: message.key.toString(), value: message.value.toString() });
          if (read.length === count) resolve();
        },
      })
      .catch(reject);
  });
  await consumer.stop();
  await consumer.disconnect();

  const values = new Set(read.map((record) => record.value));
  if (values.size !== count) throw new Error(`read ${values.size} different values of ${count}`);
  for (const key of new Set(read.map((record) => record.key))) {
    const numbers = read.filter((record) => record.key === key).map((record) => Number(record.value.slice(6)));
    if (numbers.some((number, i) => i > 0 && number < numbers[i - 1])) throw new Error(`${key} is out of order`);
  }
  const committed = await admin.fetchOffsets({ groupId, topics: [topic] });
  const sum = committed[0].partitions.reduce((total, partition) => total + Number(partition.offset), 0);
  if (sum !== count) throw new Error(`committed ${sum} of ${count}`);
  await admin.deleteGroups([groupId]);
  await admin.disconnect();
  console.log("ok");
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
