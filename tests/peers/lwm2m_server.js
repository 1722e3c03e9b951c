'use strict';

// The LwM2M server of npm's lwm2m-node-lib, on the port that is its argument.

const {event, serve} = require('./lines');
const server = require('lwm2m-node-lib').server;

const config = {
    port: Number(process.argv[2]),
    lifetimeCheckInterval: 1000,
    udpWindow: 100,
    defaultType: 'Device',
    types: [],
    logLevel: 'FATAL',
    ipProtocol: 'udp4',
    serverProtocol: 'udp4',
    formats: [{name: 'application-vnd-oma-lwm2m/tlv', value: 11542}],
    writeFormat: 'text/plain',
    defaultAcceptFormat: 'text/plain'
};

function promised(operation, ...operands) {
    return new Promise((resolve, reject) => {
        operation(...operands, (error, result) => error ? reject(error) : resolve(result));
    });
}

const device = (name) => promised(server.getDevice, name);

server.start(config, (error, serverInfo) => {
    if (error) throw error;
    server.setHandler(serverInfo, 'registration', (endpoint, lifetime, version, binding, payload, done) => {
        event('registered', {endpoint, lifetime, version, binding, payload});
        done();
    });
    server.setHandler(serverInfo, 'updateRegistration', (object, payload, done) => {
        event('updated', {endpoint: object.name});
        done();
    });
    server.setHandler(serverInfo, 'unregistration', (object, done) => {
        event('unregistered', {endpoint: object.name});
        done();
    });
    serve({
        read: async ({endpoint, path}) => promised(server.read, (await device(endpoint)).id, ...path),
        write: async ({endpoint, path, value}) =>
            promised(server.write, (await device(endpoint)).id, ...path, value),
        execute: async ({endpoint, path, value}) =>
            promised(server.execute, (await device(endpoint)).id, ...path, value),
        discover: async ({endpoint, path}) =>
            promised(server.discover, (await device(endpoint)).id, ...path),
        attributes: async ({endpoint, path, attributes}) =>
            promised(server.writeAttributes, (await device(endpoint)).id, ...path, attributes),
        observe: async ({endpoint, path}) => promised(
            server.observe, (await device(endpoint)).id, ...path,
            (value) => event('notified', {endpoint, path: path.join('/'), value})),
        devices: async () => (await promised(server.listDevices)).map((one) => one.name)
    });
    event('ready', {});
});
