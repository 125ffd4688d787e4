/** Electron channel names shared by shell and preload; pages never see them. */
export const CALL_IPC = 'faultline:call'
export const LIVE_IPC = 'faultline:live'
export const ENGINE_IPC = 'faultline:engine'
