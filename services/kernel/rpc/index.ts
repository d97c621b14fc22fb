/** gRPC: the server of a process, channels to others, who may call what, and how errors are told on the wire. */
export { type AccessTable, type Caller, mustOwn, mustOwnLoaded, type Role, roles } from './access.ts';
export { type ChannelOptions, channelLimits, type RemoteMethod, RpcChannels } from './channels.ts';
export { RpcFailure } from './errors.ts';
export { RemoteServices } from './remote-services.ts';
export { type RpcLimits, RpcServer, rpcLimits } from './server.ts';
export {
  type Call,
  type Handlers,
  type ObserveCall,
  type ReportFault,
  type RpcService,
  rpcService,
  type ServiceHost,
  type UnaryMethod,
} from './service.ts';
export { StandardServices } from './standard-services.ts';
export { Tokens, tokenLimits } from './tokens.ts';
export { idField, moneyField, nameField, type Page, pageField, pageToken, textField } from './validation.ts';
