'use strict';

// npm's coap (node-coap) as either end: `server PORT` keeps what registers and asks devices from the
// port that they know; `device TAP_HOST TAP_PORT` is a device with a few resources and one socket.

const dgram = require('dgram');
const coap = require('coap');
const {event, serve} = require('./lines');

const socket = dgram.createSocket('udp4');
const agent = new coap.Agent({socket});
const server = coap.createServer({type: 'udp4'});

const observed = new Map();

function request({host, port, method, path, query, format, accept, observe, block, payload, encoding}) {
    return new Promise((resolve, reject) => {
        const asked = coap.request({
            host, port, method, pathname: path, query, observe, agent, retrySend: 4
        });
        if (format !== undefined) asked.setOption('Content-Format', Buffer.from([format >> 8, format & 255]));
        if (accept !== undefined) asked.setOption('Accept', Buffer.from([accept >> 8, accept & 255]));
        if (block !== undefined && payload) asked.setOption('Block1', Buffer.from([block]));
        asked.on('error', reject);
        asked.on('timeout', () => reject(new Error('timeout')));
        asked.on('response', (response) => {
            const location = response.options.filter((one) => one.name === 'Location-Path')
                .map((one) => one.value.toString());
            const answer = {
                code: response.code, payload: response.payload.toString('base64'),
                location: location.length ? location : undefined
            };
            if (!observe) return resolve(answer);
            observed.set(path, response);
            response.on('data', (chunk) => event(
                'notified', {path, code: response.code, payload: chunk.toString('base64')}));
            return resolve(answer);
        });
        asked.end(payload ? Buffer.from(payload, encoding || 'utf8') : undefined);
    });
}

// ---- As LwM2M server

const registrations = new Map();
let next = 0;

function query(message) {
    return Object.fromEntries(new URLSearchParams(message.url.split('?')[1] || ''));
}

function onRegistrationRequest(message, response) {
    const path = message.url.split('?')[0];
    const {address, port} = message.rsinfo;
    const location = path.split('/')[2];
    if (message.method === 'POST' && path === '/rd') {
        const fields = {...query(message), address, port, links: message.payload.toString()};
        const key = 'r' + next++;
        registrations.set(key, fields);
        response.code = '2.01';
        response.setOption('Location-Path', [Buffer.from('rd'), Buffer.from(key)]);
        event('registered', fields);
    } else if (!registrations.has(location)) {
        response.code = '4.04';
    } else if (message.method === 'POST') {
        response.code = '2.04';
        Object.assign(registrations.get(location), {address, port});
        event('updated', registrations.get(location));
    } else if (message.method === 'DELETE') {
        response.code = '2.02';
        event('unregistered', registrations.get(location));
        registrations.delete(location);
    } else {
        response.code = '4.05';
    }
    response.end();
}

function endpoint(name) {
    const found = [...registrations.values()].find((one) => one.ep === name);
    if (!found) throw new Error('no endpoint ' + name);
    return {host: found.address, port: found.port};
}

// ---- As device

const resources = new Map();
const observers = new Map();

function notify(path) {
    for (const stream of observers.get(path) || []) stream.write(resources.get(path));
}

function onDeviceRequest(message, response) {
    const path = message.url.split('?')[0];
    event('asked', {method: message.method, path, size: message.payload.length});
    if (message.method === 'GET' && resources.has(path)) {
        if (message.headers.Observe === 0 || message.headers.Observe === '0') {
            if (!observers.has(path)) observers.set(path, new Set());
            observers.get(path).add(response);
            response.on('finish', () => {
                observers.get(path).delete(response);
                event('forgotten', {path});
            });
            response.write(resources.get(path));
            return;
        }
        response.code = '2.05';
        response.end(resources.get(path));
    } else if (message.method === 'PUT') {
        resources.set(path, Buffer.from(message.payload));
        response.code = '2.04';
        response.end();
    } else {
        response.code = '4.04';
        response.end();
    }
}

// ---- Start

const [role, first, second] = process.argv.slice(2);
server.on('request', role === 'server' ? onRegistrationRequest : onDeviceRequest);
socket.bind(role === 'server' ? Number(first) : 0, '127.0.0.1', () => {
    server.listen(socket);
    const peer = (fields) => role === 'server'
        ? endpoint(fields.endpoint) : {host: first, port: Number(second)};
    serve({
        request: (fields) => request({...fields, ...peer(fields)}),
        // Gives an observation up; node-coap tells its peer by the reset of the next notification.
        forget: ({path}) => {
            observed.get(path).close();
        },
        set: ({path, value}) => {
            resources.set(path, Buffer.from(value));
            notify(path);
        },
        value: ({path}) => resources.get(path).toString('base64')
    });
    event('ready', {port: socket.address().port});
});
