'use strict';

// The codecs of npm's coap-packet (CoAP) and lwm2m-codec (TLV).

const packets = require('coap-packet');
const lwm2m = require('lwm2m-codec');
const ids = require('lwm2m-id');
const {event, serve} = require('./lines');

const types = ['confirmable', null, 'ack', 'reset'];

function typeOf(packet) {
    return packet.confirmable ? 0 : packet.ack ? 2 : packet.reset ? 3 : 1;
}

function codeText(octet) {
    return (octet >> 5) + '.' + String(octet & 31).padStart(2, '0');
}

serve({
    coapParse: ({octets}) => {
        const packet = packets.parse(Buffer.from(octets, 'hex'));
        const [codeClass, detail] = packet.code.split('.').map(Number);
        return {
            type: typeOf(packet), code: codeClass << 5 | detail, messageId: packet.messageId,
            token: packet.token.toString('hex'), payload: packet.payload.toString('hex'),
            options: packet.options.map((one) => [String(one.name), one.value.toString('hex')])
        };
    },
    coapGenerate: ({message}) => {
        const packet = {
            code: codeText(message.code), messageId: message.messageId,
            token: Buffer.from(message.token, 'hex'), payload: Buffer.from(message.payload, 'hex'),
            options: message.options.map(([name, value]) => ({name, value: Buffer.from(value, 'hex')}))
        };
        if (types[message.type]) packet[types[message.type]] = true;
        return packets.generate(packet, 65535).toString('hex');
    },
    // By number: the codec names the resources that it knows.
    tlvDecode: ({path, octets}) => {
        const values = lwm2m.decode('tlv', path, Buffer.from(octets, 'hex'));
        const object = path.split('/')[1];
        return Object.fromEntries(Object.entries(values).map(
            ([name, value]) => [ids.getRid(object, name)?.value ?? name, value]));
    },
    tlvEncode: ({path, value}) => lwm2m.encode('tlv', path, value).toString('hex')
});
event('ready', {});
