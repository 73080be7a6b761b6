/** Entry of the analysis host: a child process of the command line or a utility process of the app. */
import { createHostTasks } from './hostTasks.js';
import { ownEndpoint } from './ownEndpoint.js';
import { serveHost } from './serveHost.js';

serveHost(ownEndpoint(), createHostTasks());
