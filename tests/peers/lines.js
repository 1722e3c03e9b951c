'use strict';

// The side of a peer that the tests talk to: a command in JSON a line on standard input, an answer a
// line on standard output, and events whenever they happen. The peer ends with its standard input.

const readline = require('readline');

function say(message) {
    process.stdout.write(JSON.stringify(message) + '\n');
}

exports.event = (kind, fields) => say({event: kind, ...fields});

// commands: name -> function(fields), which gives the answer or a promise of it.
exports.serve = (commands) => {
    readline.createInterface({input: process.stdin})
        .on('line', async (line) => {
            const {id, command, ...fields} = JSON.parse(line);
            try {
                say({id, answer: (await commands[command](fields)) ?? null});
            } catch (error) {
                say({id, error: `${error.name}: ${error.message}`});
            }
        })
        .on('close', () => process.exit(0));
};
